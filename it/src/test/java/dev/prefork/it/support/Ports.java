package dev.prefork.it.support;

import java.io.IOException;
import java.net.BindException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/**
 * Port numbers for programs of a test. They lie below those that the kernel gives to whoever does
 * not name one, and each JVM with tests has a range of its own, so that nobody takes one before its
 * program does.
 */
public final class Ports {
    private static final int RANGE = 4000;

    /**
     * Of the first JVM with tests: the kernel's own begin at 32768 unless somebody changed that.
     */
    private static final int FIRST = 12_000;

    private static final int OURS = FIRST + RANGE * (Integer.getInteger("prefork.fork", 1) - 1);

    /**
     * Where the last row ended. One begins where chance will have it, as the last run left some.
     */
    private static int next = new Random().nextInt(RANGE);

    private Ports() {}

    /** The first of so many free ports in a row, on all addresses. */
    public static synchronized int row(int count) throws IOException {
        while (true) {
            int first = OURS + (next + count > RANGE ? 0 : next);
            next = first + count - OURS;
            if (areFree(first, count)) {
                return first;
            }
        }
    }

    private static boolean areFree(int first, int count) throws IOException {
        List<ServerSocket> row = new ArrayList<>();
        try {
            for (int i = 0; i < count; i++) {
                row.add(new ServerSocket(first + i));
            }
            return true;
        } catch (BindException taken) {
            return false;
        } finally {
            for (ServerSocket socket : row) {
                socket.close();
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
