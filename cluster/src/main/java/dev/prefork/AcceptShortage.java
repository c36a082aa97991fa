package dev.prefork;

/**
 * Connections wait because a process has no room for another. They are served when it has.
 *
 * @param where whose room it is
 * @param code what the system says: EMFILE, ENFILE, ENOBUFS or ENOMEM
 */
public record AcceptShortage(Where where, String code) {
    /** Who is short of it. */
    public enum Where {
        /** The primary, which accepts. */
        PRIMARY,
        /** A worker that was handed a connection. */
        WORKER
    }
}
