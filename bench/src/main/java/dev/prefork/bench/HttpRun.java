package dev.prefork.bench;

import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * A fresh server under HTTP requests on connections that are kept.
 *
 * @param firstAnswerMillis from its start
 * @param perSecond requests answered, in each part of the load
 * @param memory of its processes after the load
 */
record HttpRun(double firstAnswerMillis, List<Double> perSecond, Memory memory) {
    private static final long START_MAY_TAKE_NANOS = TimeUnit.SECONDS.toNanos(60);
    private static final long LOOK_AGAIN_NANOS = TimeUnit.MILLISECONDS.toNanos(2);

    /**
     * On this side.
     *
     * @param parts of the load, in seconds each
     */
    static HttpRun of(Side side, int workers, List<Integer> parts)
            throws IOException, InterruptedException {
        side.prepare("HttpResponder", workers);
        int port = RunningResponder.freePort();
        long begun = System.nanoTime();
        Process primary = side.serve("HttpResponder", port, workers);
        try {
            awaitAnswer(port, begun);
            double firstAnswer = (System.nanoTime() - begun) / 1e6;
            List<Double> rates = new ArrayList<>();
            for (int seconds : parts) {
                rates.add(Wrk.load(side.name(), port, seconds).perSecond());
            }
            return new HttpRun(firstAnswer, rates, Memory.of(primary.toHandle()));
        } finally {
            primary.destroy();
            primary.waitFor();
        }
    }

    private static void awaitAnswer(int port, long begun) throws IOException {
        while (!listens(port)) {
            if (System.nanoTime() - begun > START_MAY_TAKE_NANOS) {
                throw new IOException("nobody listens on port " + port);
            }
            LockSupport.parkNanos(LOOK_AGAIN_NANOS);
        }
        HttpURLConnection request =
                (HttpURLConnection)
                        URI.create("http://127.0.0.1:" + port + "/").toURL().openConnection();
        var _ = request.getInputStream().readAllBytes();
    }

    private static boolean listens(int port) {
        try (Socket probe = new Socket()) {
            probe.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
            return true;
        } catch (IOException notYet) {
            return false;
        }
    }
}
