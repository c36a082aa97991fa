package dev.prefork.it.fire;

import static org.awaitility.Awaitility.await;

import dev.prefork.it.support.Command;
import dev.prefork.it.support.Ports;
import dev.prefork.it.support.Program;
import dev.prefork.it.support.Programs;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;

/**
 * Where a trial is held.
 *
 * @param folder of this trial alone
 * @param workers how many
 */
record Stage(Programs programs, Path folder, Peer peer, int workers) {
    Fleet start(String... options) throws IOException {
        return peer.start(this, List.of(), List.of(options));
    }

    Fleet startWithLimit(String limit) throws IOException {
        return peer.start(this, List.of("prlimit", limit), List.of());
    }

    boolean isOurs() {
        return peer.can().contains(Peer.Can.OURS);
    }

    FireJar jar() {
        return new FireJar(folder.resolve("app.jar"));
    }

    /** Of others nobody knows what they had in hand. */
    Losses losses(Tally tally, Collection<Integer> killed) throws IOException {
        return Losses.of(tally, folder, isOurs() ? killed : List.of());
    }

    /**
     * How long the program takes by itself until it answers, in seconds: so many at once, each by
     * plain java, the first of them; the middle one of three times.
     */
    double ownStart(int copies) throws IOException {
        Path alone = Files.createDirectories(folder.resolve("alone"));
        FireJar jar = new FireJar(alone.resolve("app.jar"));
        jar.deploy(Version.FIRST);
        double[] seconds = {start(jar, copies), start(jar, copies), start(jar, copies)};
        Arrays.sort(seconds);
        return seconds[1];
    }

    private double start(FireJar jar, int copies) throws IOException {
        int port = Ports.row(copies);
        long begun = System.nanoTime();
        List<Program> plain = new ArrayList<>();
        for (int i = 0; i < copies; i++) {
            plain.add(
                    programs.start(
                            PreforkPeer.plain(
                                    jar,
                                    List.of("" + (port + i), jar.file().getParent().toString()))));
        }
        await().atMost(Fleet.DEADLINE)
                .pollDelay(Duration.ZERO)
                .pollInterval(Duration.ofMillis(5))
                .until(() -> answersOnOneOf(port, copies));
        double seconds = (System.nanoTime() - begun) / 1e9;
        plain.forEach(Fleet::end);
        return seconds;
    }

    private static boolean answersOnOneOf(int first, int count) {
        for (int port = first; port < first + count; port++) {
            try (Asker asker = Asker.anew(port)) {
                if (asker.ask().isAnswered()) {
                    return true;
                }
            }
        }
        return false;
    }

    Program run(Command command) {
        return programs.start(command);
    }
}
