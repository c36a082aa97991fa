package dev.prefork.bench;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What the load generator {@code wrk} has done.
 *
 * @param requests that were answered
 * @param seconds that it took
 */
record Wrk(long requests, double seconds) {
    private static final int CLIENTS = 32;
    private static final Pattern TOTAL = Pattern.compile("(\\d+) requests in ([\\d.]+)s");
    private static final Pattern ERRORS = Pattern.compile("Socket errors.*|Non-2xx.*");

    /**
     * Loads a server for so long.
     *
     * @param options more of wrk's
     */
    static Wrk load(String server, int port, int seconds, String... options)
            throws IOException, InterruptedException {
        List<String> words =
                new ArrayList<>(List.of("wrk", "-t1", "-c" + CLIENTS, "-d" + seconds + "s"));
        words.addAll(Arrays.asList(options));
        words.add("http://127.0.0.1:" + port + "/");
        Process wrk = start(words);
        String report = new String(wrk.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        wrk.waitFor();
        Matcher errors = ERRORS.matcher(report);
        if (errors.find()) {
            System.err.println(server + ": " + errors.group());
        }
        Matcher total = TOTAL.matcher(report);
        if (!total.find()) {
            throw new IOException("wrk said nothing that can be read: " + report);
        }
        return new Wrk(Long.parseLong(total.group(1)), Double.parseDouble(total.group(2)));
    }

    private static Process start(List<String> words) throws IOException {
        try {
            return new ProcessBuilder(words).redirectErrorStream(true).start();
        } catch (IOException e) {
            throw new IOException("wrk makes the load: install it, or put it on the PATH", e);
        }
    }

    double perSecond() {
        return requests / seconds;
    }
}
