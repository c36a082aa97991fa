package dev.prefork.cli;

import static org.assertj.core.api.Assertions.assertThat;

import static java.nio.charset.StandardCharsets.UTF_8;

import org.junit.jupiter.api.Test;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** What is left of a primary that cannot go on: a sentence and a code (SPEC F11). */
class EmergencyExitTest {
    private final BlockingQueue<Integer> codes = new LinkedBlockingQueue<>();

    private int awaitCode() throws InterruptedException {
        Integer code = codes.poll(10, TimeUnit.SECONDS);
        assertThat(code).as("the exit code").isNotNull();
        return code;
    }

    @Test
    void givenAFault_whenItEndsTheProcess_thenOneLineSaysWhatAndWhere() throws Exception {
        ByteArrayOutputStream err = new ByteArrayOutputStream();

        new EmergencyExit(err, codes::add)
                .because(new NoClassDefFoundError("dev/prefork/Gone\nand more"));

        assertThat(awaitCode()).isEqualTo(70);
        assertThat(err.toString(UTF_8))
                .startsWith(
                        "prefork: cannot go on, and ends: java.lang.NoClassDefFoundError:"
                                + " dev/prefork/Gone at dev.prefork.cli.EmergencyExitTest.given")
                .endsWith(")\n")
                .hasLineCount(1);
    }

    @Test
    void givenATaskThatFails_whenItIsGuarded_thenItsFaultEndsTheProcess() throws Exception {
        EmergencyExit exit = new EmergencyExit(new ByteArrayOutputStream(), codes::add);

        exit.guarded(
                        () -> {
                            throw new IllegalStateException("broken");
                        })
                .run();

        assertThat(awaitCode()).isEqualTo(70);
    }

    @Test
    void givenAFaultThatCannotBeToldInWords_whenItEndsTheProcess_thenItEndsAllTheSame()
            throws Exception {
        ByteArrayOutputStream err = new ByteArrayOutputStream();

        new EmergencyExit(err, codes::add)
                .because(
                        new OutOfMemoryError() {
                            @Override
                            public String getMessage() {
                                throw this;
                            }
                        });

        assertThat(awaitCode()).isEqualTo(70);
        assertThat(err.toString(UTF_8)).isEqualTo("prefork: cannot go on, and ends: \n");
    }

    @Test
    void givenAStderrWhoseReaderIsGone_whenItEndsTheProcess_thenItEndsAllTheSame()
            throws Exception {
        OutputStream closed =
                new OutputStream() {
                    @Override
                    public void write(int b) throws IOException {
                        throw new IOException("Broken pipe");
                    }
                };

        new EmergencyExit(closed, codes::add).because(new IllegalStateException("broken"));

        assertThat(awaitCode()).isEqualTo(70);
    }

    @Test
    void givenAStderrThatNobodyReads_whenItEndsTheProcess_thenItDoesNotWaitForLong()
            throws Exception {
        CompletableFuture<Void> read = new CompletableFuture<>();
        OutputStream full =
                new OutputStream() {
                    @Override
                    public void write(int b) {
                        read.join();
                    }
                };
        EmergencyExit exit = new EmergencyExit(full, codes::add);
        Thread failing =
                Thread.ofPlatform()
                        .daemon()
                        .start(() -> exit.because(new IllegalStateException("broken")));

        assertThat(awaitCode()).isEqualTo(70);
        assertThat(failing.isAlive()).isTrue();
        read.complete(null);
        assertThat(failing.join(Duration.ofSeconds(10))).isTrue();
    }
}
