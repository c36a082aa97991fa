package dev.prefork.it.cli;

import java.io.IOException;
import java.net.ServerSocket;

/** Says which port is free, and ends. */
final class FreePort {
    private FreePort() {}

    public static void main(String[] args) throws IOException {
        try (ServerSocket any = new ServerSocket(0)) {
            System.out.println("free port " + any.getLocalPort());
        }
    }
}
