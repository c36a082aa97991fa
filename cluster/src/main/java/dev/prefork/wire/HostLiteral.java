package dev.prefork.wire;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.util.Arrays;

/**
 * An address as Node writes it. The JDK writes every group of an IPv6 address, Node the short form
 * of RFC 5952; on the wire both must name the same.
 */
public final class HostLiteral {
    private HostLiteral() {}

    /** Such as {@code 127.0.0.1}, {@code ::1} or {@code fe80::1%eth0}. */
    public static String of(InetAddress host) {
        String full = host.getHostAddress();
        if (!(host instanceof Inet6Address)) {
            return full;
        }
        int scopeAt = full.indexOf('%');
        String groups = scopeAt < 0 ? full : full.substring(0, scopeAt);
        String scope = scopeAt < 0 ? "" : full.substring(scopeAt);
        return shorten(groups.split(":", -1)) + scope;
    }

    private static String shorten(String[] groups) {
        int longestAt = -1;
        int longest = 1;
        for (int start = 0; start < groups.length; start++) {
            int end = start;
            while (end < groups.length && groups[end].equals("0")) {
                end++;
            }
            if (end - start > longest) {
                longestAt = start;
                longest = end - start;
            }
        }
        if (longestAt < 0) {
            return String.join(":", groups);
        }
        String before = String.join(":", Arrays.copyOfRange(groups, 0, longestAt));
        String after =
                String.join(":", Arrays.copyOfRange(groups, longestAt + longest, groups.length));
        return before + "::" + after;
    }
}
