package dev.prefork.net;

/**
 * What a bind asks for beside the address, and the JDK's own bind cannot say.
 *
 * @param exclusive this process alone has the socket: nobody else is asked
 * @param ipv6Only no IPv4 connections to an IPv6 address
 * @param readableAll everybody may read the file of a Unix socket
 * @param writableAll everybody may write to it, and so connect
 * @param reusePort SO_REUSEPORT: others that say so too may listen on the same address
 */
public record BindMode(
        boolean exclusive,
        boolean ipv6Only,
        boolean readableAll,
        boolean writableAll,
        boolean reusePort) {
    /** Nothing special, as in every bind of an unmodified program. */
    public static final BindMode USUAL = new BindMode(false, false, false, false, false);

    /** The same, with SO_REUSEPORT or without. */
    BindMode reusingPort(boolean reuse) {
        return new BindMode(exclusive, ipv6Only, readableAll, writableAll, reuse);
    }
}
