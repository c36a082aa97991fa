package dev.prefork.worker;

import java.util.Map;

/**
 * Keeps network libraries away from transports of their own in native code (epoll, io_uring), which
 * no part of the JDK sees and whose servers could not be shared: they fall back to java.nio.
 *
 * <p>These are the libraries' documented switches, set where the program has not set them itself. A
 * program that turns a native transport on for all that, or makes its classes by name, must be told
 * to use NIO.
 */
final class NativeTransports {
    private static final Map<String, String> SWITCHES =
            Map.of(
                    // Netty, and with it Reactor Netty, Vert.x, Micronaut, gRPC and many more.
                    "io.netty.transport.noNative", "true",
                    // grpc-netty-shaded has its own copy of Netty, under its own names.
                    "io.grpc.netty.shaded.io.netty.transport.noNative", "true",
                    // Armeria would complain that Netty has none.
                    "com.linecorp.armeria.transportType", "nio");

    private NativeTransports() {}

    /** Before the program's first class is loaded. */
    static void switchOff() {
        SWITCHES.forEach(
                (name, value) -> {
                    if (System.getProperty(name) == null) {
                        System.setProperty(name, value);
                    }
                });
    }
}
