package dev.prefork.net;

import dev.prefork.posix.Epoll;

import java.io.IOException;

/** Whether a descriptor is readable now. */
final class Polled {
    private Polled() {}

    static boolean isReadable(int descriptor) throws IOException {
        try (Epoll epoll = Epoll.open()) {
            epoll.add(descriptor, Epoll.READABLE, 0);
            return epoll.await(0) > 0;
        }
    }

    /** As {@link #isReadable}, waiting until it is. */
    static void awaitReadable(int descriptor) throws IOException {
        try (Epoll epoll = Epoll.open()) {
            epoll.add(descriptor, Epoll.READABLE, 0);
            if (epoll.await(10_000) == 0) {
                throw new AssertionError("fd " + descriptor + " is not readable");
            }
        }
    }
}
