package dev.prefork.classdata;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** A {@link Training} that runs, in a process of its own which ends with this one. */
record TrainingRun(Process process) {
    /** All others have the processors first. */
    private static final List<String> GIVING_WAY = List.of("nice", "-n", "19");

    /** From the end of its input to its end. */
    private static final Duration END_MAY_TAKE = Duration.ofSeconds(2);

    /** What it is made of must be there. */
    static TrainingRun start(ClassDataFolder.Wish wish) throws IOException {
        List<String> command = new ArrayList<>(GIVING_WAY);
        command.addAll(Training.command(wish.entry(), wish.jvm()));
        return new TrainingRun(
                new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.DISCARD).start());
    }

    /** Waits for its end. Returns why there will be none, if the JVM has said so. */
    Optional<String> refusal() throws IOException, InterruptedException {
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        return process.waitFor() == Training.REFUSED ? Optional.of(said.strip()) : Optional.empty();
    }

    void end() {
        try {
            // It ends with its input.
            process.getOutputStream().close();
            if (process.waitFor(END_MAY_TAKE.toMillis(), TimeUnit.MILLISECONDS)) {
                return;
            }
        } catch (IOException gone) {
            // As well.
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        var _ = process.destroyForcibly();
    }
}
