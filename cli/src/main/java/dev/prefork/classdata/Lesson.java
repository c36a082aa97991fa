package dev.prefork.classdata;

import dev.prefork.ClusterSettings;
import dev.prefork.Exit;
import dev.prefork.Prefork;
import dev.prefork.Worker;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** A worker's whole life, of which its JVM notes the classes. */
final class Lesson {
    /** All others go first. */
    private static final Duration STEP_MAY_TAKE = Duration.ofMinutes(5);

    private static final byte[] REQUEST =
            "GET / HTTP/1.1\r\nHost: trainee\r\nConnection: close\r\n\r\n"
                    .getBytes(StandardCharsets.US_ASCII);

    private Lesson() {}

    /**
     * Holds it.
     *
     * @param list where the classes are noted
     * @return why there is none
     */
    static Optional<String> hold(TrainedJvm jvm, Path classes, Path list)
            throws IOException, InterruptedException {
        BlockingQueue<Integer> ports = new LinkedBlockingQueue<>();
        BlockingQueue<Exit> exits = new LinkedBlockingQueue<>();
        try (Prefork cluster = Prefork.create(settings(jvm, classes, list))) {
            var _ = cluster.onListening((_, address) -> ports.add(address.port()));
            var _ = cluster.onExit((_, exit) -> exits.add(exit));
            Worker worker = cluster.slot(0).fork(Map.of());
            for (int i = 0; i < Trainee.SERVERS; i++) {
                Integer port = ports.poll(STEP_MAY_TAKE.toSeconds(), TimeUnit.SECONDS);
                if (port == null) {
                    return Optional.of("a worker with these options does not listen");
                }
                ask(port);
            }
            worker.disconnect();
            return exits.poll(STEP_MAY_TAKE.toSeconds(), TimeUnit.SECONDS) == null
                    ? Optional.of("a worker with these options does not end")
                    : Optional.empty();
        }
    }

    private static ClusterSettings settings(TrainedJvm jvm, Path classes, Path list) {
        List<String> options = new ArrayList<>(jvm.options());
        options.add("-Xbootclasspath/a:" + classes);
        options.add("-XX:DumpLoadedClassList=" + list);
        options.addAll(List.of("-cp", classes.toString()));
        return ClusterSettings.builder()
                .exec(Trainee.class.getName())
                .args()
                .execPath(jvm.java().toString())
                .execArgv(options)
                .standalone(true)
                .stdio("ignore", "ignore", "ignore", "ipc")
                .build();
    }

    private static void ask(int port) throws IOException {
        try (Socket client = new Socket(InetAddress.getLoopbackAddress(), port)) {
            client.setSoTimeout((int) STEP_MAY_TAKE.toMillis());
            client.getOutputStream().write(REQUEST);
            var _ = client.getInputStream().readAllBytes();
        }
    }
}
