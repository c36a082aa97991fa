package dev.prefork.events;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** SPEC D1. */
class OneTimeEventTest {
    private final Events events = new Events();
    private final OneTimeEvent<String> event = new OneTimeEvent<>(events.thread());
    private final List<String> told = new CopyOnWriteArrayList<>();

    @AfterEach
    void close() throws Exception {
        events.close();
    }

    @Test
    void givenListeners_whenItHappensTwice_thenEachIsToldOnce() throws Exception {
        event.add(what -> told.add("first " + what));
        event.add(what -> told.add("second " + what));

        events.run(() -> event.fire("a"));
        events.run(() -> event.fire("b"));

        assertThat(told).containsExactly("first a", "second a");
        assertThat(event.future()).isCompletedWithValue("a");
        assertThat(event.hasHappened()).isTrue();
    }

    @Test
    void givenThatItHasHappened_whenSomebodyAsks_thenHeIsToldOnTheEventThread() throws Exception {
        events.run(() -> event.fire("a"));

        event.add(what -> told.add(what + " " + events.thread().isCurrent()));

        events.run(() -> assertThat(told).containsExactly("a true"));
    }

    @Test
    void givenAListenerThatLeft_whenItHappens_thenItIsNotTold() throws Exception {
        event.add(told::add).close();

        events.run(() -> event.fire("a"));

        assertThat(told).isEmpty();
    }

    @Test
    void givenAListenerThatThrows_whenItHappens_thenTheOthersAreTold() throws Exception {
        event.add(
                what -> {
                    throw new IllegalStateException("a listener's");
                });
        event.add(told::add);

        try (Logged _ = Logged.by(EventThread.class)) {
            events.run(() -> event.fire("a"));
        }

        assertThat(told).containsExactly("a");
    }

    @Test
    void givenAContinuationThatWaitsForAnotherThread_whenThatAsksForTheEvent_thenBothGoOn()
            throws Exception {
        CompletableFuture<Void> waited =
                event.future()
                        .thenAccept(
                                what -> {
                                    Thread other = Thread.ofPlatform().start(() -> listenLate());
                                    joinQuietly(other);
                                    told.add("other ended " + !other.isAlive());
                                });

        events.thread().execute(() -> event.fire("a"));

        waited.get(Events.DEADLINE_SECONDS, TimeUnit.SECONDS);
        events.run(() -> assertThat(told).containsExactly("other ended true", "late a"));
    }

    @Test
    void givenThatItCannotHappen_whenWaitedFor_thenTheReasonIsThrown() throws Exception {
        IllegalStateException reason = new IllegalStateException("the worker is gone");

        event.cannotHappen(reason);

        assertThatExceptionOfType(CompletionException.class)
                .isThrownBy(() -> event.future().join())
                .withCause(reason);
    }

    @Test
    void givenThatItHasHappened_whenItCannotHappen_thenThatIsWithoutEffect() throws Exception {
        events.run(() -> event.fire("a"));

        event.cannotHappen(new IllegalStateException("too late"));

        assertThat(event.future()).isCompletedWithValue("a");
    }

    @Test
    void givenTheFuture_whenCompletedFromOutside_thenThatIsWithoutEffect() throws Exception {
        CompletableFuture<String> future = event.future();

        assertThat(future.complete("b")).isFalse();
        assertThat(future.completeExceptionally(new IllegalStateException("b"))).isFalse();
        assertThat(future.cancel(true)).isFalse();
        assertThatExceptionOfType(UnsupportedOperationException.class)
                .isThrownBy(() -> future.obtrudeValue("b"));
        assertThatExceptionOfType(UnsupportedOperationException.class)
                .isThrownBy(() -> future.obtrudeException(new IllegalStateException("b")));

        assertThat(future).isNotDone();
        events.run(() -> event.fire("a"));
        assertThat(future).isCompletedWithValue("a");
    }

    @Test
    void givenATimeout_whenItIsOver_thenOnlyTheCopyFails() throws Exception {
        CompletableFuture<String> failing = event.future().orTimeout(1, TimeUnit.MILLISECONDS);
        CompletableFuture<String> given =
                event.future().completeOnTimeout("instead", 1, TimeUnit.MILLISECONDS);
        CompletableFuture<String> supplied = event.future().completeAsync(() -> "supplied");

        assertThatExceptionOfType(ExecutionException.class)
                .isThrownBy(() -> failing.get(Events.DEADLINE_SECONDS, TimeUnit.SECONDS))
                .withCauseInstanceOf(TimeoutException.class);
        assertThat(given.get(Events.DEADLINE_SECONDS, TimeUnit.SECONDS)).isEqualTo("instead");
        assertThat(supplied.get(Events.DEADLINE_SECONDS, TimeUnit.SECONDS)).isEqualTo("supplied");
        assertThat(event.future()).isNotDone();
    }

    @Test
    void givenAListener_whenItWaitsForTheEvent_thenItIsToldThatItCannot() throws Exception {
        CompletableFuture<String> future = event.future();
        CompletableFuture<Integer> dependent = future.thenApply(String::length);

        events.run(
                () -> {
                    assertRefused(future::join);
                    assertRefused(() -> get(future));
                    assertRefused(() -> getWithin(future));
                    assertRefused(dependent::join);
                    assertRefused(() -> get(dependent));
                    assertRefused(() -> getWithin(dependent.copy()));
                });

        assertThat(future).isNotDone();
    }

    /** It is the application's code as well that runs there: a balancer's. */
    @Test
    void givenTheThreadThatEventsComeFrom_whenItWaitsForOne_thenItIsToldThatItCannot()
            throws Exception {
        CompletableFuture<String> future = event.future();
        Thread here = Thread.currentThread();
        events.thread().comesFrom(() -> Thread.currentThread() == here);

        assertThatIllegalStateException()
                .isThrownBy(future::join)
                .withMessageStartingWith("a balancer cannot wait for an event");

        events.run(() -> event.fire("a"));
        assertThat(future.join()).isEqualTo("a");
    }

    @Test
    void givenThatItHasHappened_whenAListenerGetsIt_thenItHasIt() throws Exception {
        events.run(() -> event.fire("a"));

        events.run(() -> assertThat(event.future().join()).isEqualTo("a"));
    }

    private void listenLate() {
        event.add(what -> told.add("late " + what));
    }

    private static void joinQuietly(Thread other) {
        try {
            other.join(TimeUnit.SECONDS.toMillis(Events.DEADLINE_SECONDS));
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private static void assertRefused(Runnable wait) {
        assertThatIllegalStateException()
                .isThrownBy(wait::run)
                .withMessageStartingWith("a listener cannot wait for an event")
                .withMessageContaining("thenAccept");
    }

    private static void get(CompletableFuture<?> future) {
        try {
            future.get();
        } catch (InterruptedException | ExecutionException e) {
            throw new AssertionError(e);
        }
    }

    private static void getWithin(CompletableFuture<?> future) {
        try {
            future.get(1, TimeUnit.SECONDS);
        } catch (InterruptedException | ExecutionException | TimeoutException e) {
            throw new AssertionError(e);
        }
    }
}
