package dev.prefork.it.support;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.ArrayList;
import java.util.List;

/** Port numbers for programs of a test. */
public final class Ports {
    private Ports() {}

    /** The first of so many free ports in a row, on all addresses. */
    public static int row(int count) throws IOException {
        while (true) {
            List<ServerSocket> row = new ArrayList<>();
            try {
                row.add(new ServerSocket(0));
                int first = row.getFirst().getLocalPort();
                for (int i = 1; i < count; i++) {
                    row.add(new ServerSocket(first + i));
                }
                return first;
            } catch (IOException | IllegalArgumentException taken) {
                // Another row.
            } finally {
                for (ServerSocket socket : row) {
                    socket.close();
                }
            }
        }
    }

    /** Whether nobody listens on it. */
    public static boolean isFree(int port) {
        try (ServerSocket probe = new ServerSocket()) {
            probe.bind(new InetSocketAddress(port));
            return true;
        } catch (IOException taken) {
            return false;
        }
    }
}
