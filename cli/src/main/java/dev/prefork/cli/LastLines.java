package dev.prefork.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;

/** The last lines that a worker has printed, of both streams. Safe for any thread. */
final class LastLines {
    private static final int MOST = 20;
    private static final int LONGEST = 1000;

    private final Deque<String> lines = new ArrayDeque<>();

    synchronized void add(byte[] wholeLines) {
        new String(wholeLines, UTF_8).lines().forEach(this::add);
    }

    private synchronized void add(String line) {
        if (lines.size() == MOST) {
            lines.removeFirst();
        }
        lines.addLast(line.length() > LONGEST ? line.substring(0, LONGEST) + "..." : line);
    }

    synchronized List<String> lines() {
        return List.copyOf(lines);
    }
}
