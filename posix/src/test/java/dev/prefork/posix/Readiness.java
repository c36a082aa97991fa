package dev.prefork.posix;

/** Waits until a descriptor is ready; tells whether it is. */
public final class Readiness {
    private static final int DEADLINE_MILLIS = 10_000;

    private Readiness() {}

    /** The events that came before the deadline; 0 for none. */
    public static int await(int descriptor, int interest) throws PosixException {
        return poll(descriptor, interest, DEADLINE_MILLIS);
    }

    public static int now(int descriptor, int interest) throws PosixException {
        return poll(descriptor, interest, 0);
    }

    private static int poll(int descriptor, int interest, int millis) throws PosixException {
        try (Epoll epoll = Epoll.open()) {
            epoll.add(descriptor, interest, 1);
            return epoll.await(millis) == 0 ? 0 : epoll.events(0);
        }
    }
}
