package dev.prefork.it.cli;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;

import java.io.IOException;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.ValueLayout;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.concurrent.locks.LockSupport;

/**
 * An HTTP server whose shutdown hook does not end. With the argument "spins" all its threads spin,
 * with "native" its main blocks in native code.
 */
final class Stubborn {
    private Stubborn() {}

    public static void main(String[] args) throws Throwable {
        Runtime.getRuntime().addShutdownHook(new Thread(Stubborn::stay));
        HttpServer server =
                HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", Stubborn::answer);
        server.start();
        switch (List.of(args).toString()) {
            case "[spins]" -> {
                Thread.ofPlatform().start(Stubborn::spin);
                spin();
            }
            case "[native]" -> pause();
            default -> stay();
        }
    }

    private static void answer(HttpExchange exchange) throws IOException {
        exchange.getRequestBody().readAllBytes();
        exchange.sendResponseHeaders(200, -1);
        exchange.close();
    }

    private static void stay() {
        while (true) {
            LockSupport.park();
        }
    }

    private static void spin() {
        while (true) {
            Thread.onSpinWait();
        }
    }

    /** Of C: until a signal. */
    @SuppressWarnings("restricted")
    private static void pause() throws Throwable {
        Linker linker = Linker.nativeLinker();
        var pause =
                linker.downcallHandle(
                        linker.defaultLookup().find("pause").orElseThrow(),
                        FunctionDescriptor.of(ValueLayout.JAVA_INT));
        while (true) {
            int _ = (int) pause.invokeExact();
        }
    }
}
