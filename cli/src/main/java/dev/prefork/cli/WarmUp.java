package dev.prefork.cli;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.Optional;
import java.util.function.BooleanSupplier;

/**
 * Requests of our own to a worker that is new, so that its JVM has compiled what it needs before it
 * serves others: HTTP without TLS, one after the other, each on a connection of its own.
 *
 * @param path what is asked for
 * @param time for so long
 */
record WarmUp(String path, Duration time) {
    /** So many are enough for every compiler; more would cost the machine its free ports. */
    private static final int MOST_REQUESTS = 20_000;

    private static final Duration ANSWER_MAY_TAKE = Duration.ofSeconds(5);
    private static final int STATUS_LINE = 64;
    private static final int FIRST_ERROR = 400;

    /**
     * Asks until the time is over. Blocks.
     *
     * @param target where the worker listens, with others
     * @param cold knows our connections, so that they reach it
     * @param over whether it is of no use any more
     * @return what is wrong with its answers, if anything is
     */
    Optional<String> run(
            InetSocketAddress target, int worker, ColdWorkers cold, BooleanSupplier over) {
        long begun = System.nanoTime();
        Optional<String> wrong = Optional.empty();
        for (int i = 0;
                i < MOST_REQUESTS
                        && wrong.isEmpty()
                        && !over.getAsBoolean()
                        && System.nanoTime() - begun < time.toNanos();
                i++) {
            try {
                wrong = ask(target, worker, cold);
            } catch (IOException e) {
                wrong = Optional.of(e.getMessage() == null ? e.toString() : e.getMessage());
            }
        }
        return over.getAsBoolean() ? Optional.empty() : wrong;
    }

    private Optional<String> ask(InetSocketAddress target, int worker, ColdWorkers cold)
            throws IOException {
        try (Socket socket = new Socket()) {
            socket.bind(new InetSocketAddress(0));
            cold.expect(socket.getLocalPort(), worker);
            try {
                int millis = Math.toIntExact(ANSWER_MAY_TAKE.toMillis());
                socket.connect(target, millis);
                socket.setSoTimeout(millis);
                socket.getOutputStream().write(request(target).getBytes(US_ASCII));
                return wrong(socket.getInputStream());
            } finally {
                cold.expectNoMore(socket.getLocalPort());
            }
        }
    }

    private String request(InetSocketAddress target) {
        return "GET %s HTTP/1.1\r\nHost: localhost:%d\r\nUser-Agent: prefork-warm-up\r\nAccept: */*\r\nConnection: close\r\n\r\n"
                .formatted(path, target.getPort());
    }

    /** Reads the whole answer. */
    private static Optional<String> wrong(InputStream answer) throws IOException {
        String begin = new String(answer.readNBytes(STATUS_LINE), US_ASCII);
        answer.transferTo(OutputStream.nullOutputStream());
        String line = begin.lines().findFirst().orElse("");
        String[] words = line.split(" ", 3);
        if (!line.startsWith("HTTP/") || words.length < 2 || !words[1].matches("\\d{3}")) {
            return Optional.of("what answers there is no HTTP");
        }
        return Integer.parseInt(words[1]) < FIRST_ERROR ? Optional.empty() : Optional.of(line);
    }
}
