package dev.prefork.worker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.prefork.AddressType;
import dev.prefork.wire.ListenAddress;

import org.junit.jupiter.api.Test;

import java.io.InterruptedIOException;
import java.net.SocketException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;

/** A bind returns or throws, and a grant that nobody waits for is nobody's (SPEC E2). */
class AwaitedAnswerTest {
    private final List<String> closed = new ArrayList<>();

    private AwaitedAnswer<String> within(Duration time) {
        ListenAddress address = ListenAddress.of(Optional.of("::1"), 80, AddressType.TCP6);
        return new AwaitedAnswer<>(address, time, closed::add);
    }

    @Test
    void givenAGrant_whenItComes_thenItIsTheCallers() throws Exception {
        assertThat(within(Duration.ofSeconds(20)).of(answer -> answer.complete("granted")))
                .isEqualTo("granted");
        assertThat(closed).isEmpty();
    }

    @Test
    void givenNoAnswer_whenTheTimeIsOver_thenItIsSaidAndALaterGrantIsRefused() {
        List<CompletableFuture<String>> answers = new ArrayList<>();

        assertThatExceptionOfType(SocketException.class)
                .isThrownBy(() -> within(Duration.ofMillis(1)).of(answers::add))
                .withMessageContaining("is it stopped?");

        assertThat(answers.getFirst().complete("late")).isFalse();
        assertThat(closed).isEmpty();
    }

    /** Between the end of the wait and the cancel. */
    @Test
    void givenAGrantThatComesJustThen_whenTheWaitIsInterrupted_thenItIsClosed() {
        CompletableFuture<String> granted =
                new CompletableFuture<>() {
                    @Override
                    public boolean cancel(boolean interrupt) {
                        complete("granted");
                        return super.cancel(interrupt);
                    }
                };
        Thread.currentThread().interrupt();

        assertThatExceptionOfType(InterruptedIOException.class)
                .isThrownBy(() -> within(Duration.ofSeconds(20)).await(granted));

        assertThat(Thread.interrupted()).isTrue();
        assertThat(closed).containsExactly("granted");
    }

    @Test
    void givenALoopThatHasEnded_whenAsked_thenTheWorkerIsLeaving() {
        assertThatExceptionOfType(SocketException.class)
                .isThrownBy(
                        () ->
                                within(Duration.ofSeconds(20))
                                        .of(
                                                _ -> {
                                                    throw new RejectedExecutionException();
                                                }))
                .withMessageContaining("disconnecting");
    }
}
