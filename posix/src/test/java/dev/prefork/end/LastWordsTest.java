package dev.prefork.end;

import static org.assertj.core.api.Assertions.assertThat;

import dev.prefork.posix.DescriptorSocket;
import dev.prefork.posix.Descriptors;
import dev.prefork.posix.Errno;
import dev.prefork.posix.Fd;
import dev.prefork.posix.NothingLeft;
import dev.prefork.posix.Sockets;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** What is left of a process that cannot go on: a sentence and a code (SPEC F11). */
@ExtendWith(NothingLeft.class)
@Timeout(60)
class LastWordsTest {
    private static final String BEGIN =
            "prefork: the loop has ended, so this process ends now and its workers with it: ";

    private final List<Integer> codes = new ArrayList<>();
    private DescriptorSocket reader;
    private Fd stderr;

    @BeforeEach
    void open() throws IOException {
        Fd[] pair = Sockets.pair(Sockets.Type.STREAM);
        reader = new DescriptorSocket(pair[0], 1 << 16);
        stderr = pair[1];
        // As a process's stderr is.
        Descriptors.setNonBlocking(stderr.number(), false);
    }

    @AfterEach
    void close() {
        reader.close();
        stderr.close();
        assertThat(codes).containsExactly(70);
    }

    private LastWords words() {
        return new LastWords(stderr.number()) {
            @Override
            void halt(int code) {
                codes.add(code);
            }
        };
    }

    private void say(Throwable fault) {
        words().say("the loop", fault);
    }

    private String said() {
        int count = reader.receive();
        assertThat(count).isPositive();
        return StandardCharsets.UTF_8.decode(reader.received()).toString();
    }

    @Test
    void givenAFault_whenItEndsTheProcess_thenOneLineSaysWhatAndWhere() {
        say(new NoClassDefFoundError("dev/prefork/Gone\nand more"));

        assertThat(said())
                .startsWith(
                        BEGIN
                                + "java.lang.NoClassDefFoundError: dev/prefork/Gone"
                                + " at dev.prefork.end.LastWordsTest.given")
                .endsWith(")\n")
                .hasLineCount(1);
    }

    @Test
    void givenAThread_whenItEndsByAFault_thenThatEndsTheProcess() throws InterruptedException {
        LastWords words = words();
        Thread thread =
                Thread.ofPlatform()
                        .uncaughtExceptionHandler(words.handler("the loop"))
                        .start(
                                () -> {
                                    throw new IllegalStateException("broken");
                                });

        thread.join();

        assertThat(said()).startsWith(BEGIN + "java.lang.IllegalStateException: broken at ");
    }

    @Test
    void givenAFaultThatCannotBeToldInWords_whenItEndsTheProcess_thenItEndsAllTheSame() {
        say(new Unspeakable());

        assertThat(said()).isEqualTo(BEGIN + Unspeakable.class.getName() + "\n");
    }

    private static final class Unspeakable extends OutOfMemoryError {
        private static final long serialVersionUID = 1;

        @Override
        public String getMessage() {
            throw this;
        }
    }

    @Test
    void givenAStderrWhoseReaderIsGone_whenItEndsTheProcess_thenItEndsAllTheSame() {
        reader.close();

        say(new IllegalStateException("broken"));
    }

    @Test
    void givenAStderrThatNobodyReads_whenItEndsTheProcess_thenItDoesNotWaitForLong()
            throws IOException {
        Descriptors.setNonBlocking(stderr.number(), true);
        try (Fd copy = stderr.duplicate();
                DescriptorSocket full = new DescriptorSocket(copy, 1)) {
            byte[] bytes = new byte[1 << 16];
            int sent = 0;
            while (sent != -Errno.EAGAIN) {
                sent = full.send(bytes, 0, bytes.length, DescriptorSocket.NO_DESCRIPTOR);
            }
        }
        Descriptors.setNonBlocking(stderr.number(), false);

        say(new IllegalStateException("broken"));
    }
}
