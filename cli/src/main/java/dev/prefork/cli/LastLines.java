package dev.prefork.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;

/** The last lines that a worker has printed, of both streams. Safe for any thread. */
final class LastLines {
    private static final int MOST = 20;
    private static final int LONGEST = 1000;
    private static final int BYTES = 16 * 1024;

    private static final class Piece {
        private final Screen.Stream stream;
        private final byte[] bytes;

        private Piece(Screen.Stream stream, byte[] bytes) {
            this.stream = stream;
            this.bytes = bytes;
        }

        private boolean endsLine() {
            return bytes.length > 0 && bytes[bytes.length - 1] == '\n';
        }
    }

    private final String prefix;
    private final Deque<Piece> pieces = new ArrayDeque<>();
    private int size;

    /** Each of them is given with the prefix. */
    LastLines(String prefix) {
        this.prefix = prefix;
    }

    /** Takes what was printed; little is done with it, as it is seldom asked for. */
    synchronized void add(Screen.Stream stream, byte[] bytes, int length) {
        int from = Math.max(0, length - BYTES);
        pieces.addLast(new Piece(stream, Arrays.copyOfRange(bytes, from, length)));
        size += length - from;
        // One piece at least, and as many more as are small.
        while (size > BYTES && pieces.size() > 1) {
            size -= pieces.removeFirst().bytes.length;
        }
    }

    synchronized List<String> lines() {
        ByteArrayOutputStream text = new ByteArrayOutputStream();
        Piece last = null;
        for (Piece piece : pieces) {
            if (last != null && last.stream != piece.stream && !last.endsLine()) {
                text.write('\n');
            }
            text.writeBytes(piece.bytes);
            last = piece;
        }
        List<String> lines = text.toString(UTF_8).lines().toList();
        return lines.subList(Math.max(0, lines.size() - MOST), lines.size()).stream()
                .map(line -> prefix + cut(line))
                .toList();
    }

    private static String cut(String line) {
        return line.length() > LONGEST ? line.substring(0, LONGEST) + "..." : line;
    }
}
