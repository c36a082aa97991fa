package dev.prefork.cli;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import sun.misc.Signal;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** Signals that come before anybody handles them. */
class SignalsTest {
    // One that nobody minds; the JVM hands signals out on a thread of its own.
    private static final String NAME = "CONT";

    @Test
    void givenASignalThatIsKept_whenItCameAlready_thenWhoHandlesItHearsOfIt() throws Exception {
        CountDownLatch heard = new CountDownLatch(2);
        Signals.keep(NAME);
        Signal.raise(new Signal(NAME));

        Signals.handle(NAME, heard::countDown);
        Signal.raise(new Signal(NAME));

        assertThat(heard.await(10, TimeUnit.SECONDS)).isTrue();
    }

    @Test
    void givenASignalThatTheJvmKeeps_whenHandled_thenItSaysSo() {
        assertThat(Signals.handle("QUIT", () -> {})).isFalse();
    }
}
