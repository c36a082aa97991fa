package dev.prefork.events;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.prefork.DisconnectedException;
import dev.prefork.Message;
import dev.prefork.RefusedException;
import dev.prefork.posix.Fd;
import dev.prefork.posix.NothingLeft;
import dev.prefork.posix.Sockets;
import dev.prefork.wire.LinkEnd;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Questions, answers and refusals at one end of a channel; the other one is played by the test. */
@ExtendWith(NothingLeft.class)
@Timeout(60)
class AskTest {
    private static final Duration LONG = Duration.ofSeconds(Events.DEADLINE_SECONDS);

    record Sum(int a, int b) {}

    private final Events events = new Events();
    private final List<Object> heard = new ArrayList<>();
    private LinkEnd here;
    private LinkEnd there;
    private Conversation conversation;

    @BeforeEach
    void open() throws Exception {
        Fd[] pair = Sockets.pair(Sockets.Type.STREAM);
        here = new LinkEnd(pair[0]);
        there = new LinkEnd(pair[1]);
        conversation =
                new Conversation(
                        "worker 1",
                        events.thread(),
                        here.link().channel(),
                        Conversation.Audience.NOBODY);
    }

    @AfterEach
    void close() throws Exception {
        here.close();
        there.close();
        events.close();
    }

    /** As if it had come from the other end; done when it is told. */
    private void comes(Object value) throws Exception {
        comes(new Message(value, Optional.empty()));
    }

    private void comes(Message message) throws Exception {
        conversation.message(message, new InboxTest.Taken(1));
        events.run(() -> {});
    }

    private static Throwable failure(CompletableFuture<?> future) {
        try {
            Object value = future.get(Events.DEADLINE_SECONDS, TimeUnit.SECONDS);
            throw new AssertionError("did not fail but is " + value);
        } catch (ExecutionException e) {
            return e.getCause();
        } catch (InterruptedException | TimeoutException e) {
            throw new AssertionError(e);
        }
    }

    // Asking.

    @Test
    void givenAQuestion_whenItIsAnswered_thenTheFutureHasTheAnswerAndNoListenerHearsIt()
            throws Exception {
        var _ = conversation.onMessage(heard::add);
        CompletableFuture<Message> answer = conversation.ask("how many?", LONG);

        assertThat(there.awaitMessage()).isEqualTo(Map.of("$ask", 1, "value", "how many?"));
        comes(Map.of("$reply", 1, "value", List.of(3, 4)));

        assertThat(answer).isCompletedWithValueMatching(m -> m.value().equals(List.of(3, 4)));
        assertThat(heard).isEmpty();
    }

    @Test
    void givenSeveralQuestions_whenTheyAreAnsweredInAnyOrder_thenEachHasItsOwn() throws Exception {
        CompletableFuture<Message> one = conversation.ask("1", LONG);
        CompletableFuture<Message> two = conversation.ask(null, LONG);

        comes(Map.of("$reply", 2, "value", "two"));
        comes(Map.of("$reply", 1, "value", "one"));

        assertThat(one.join().value()).isEqualTo("one");
        assertThat(two.join().value()).isEqualTo("two");
    }

    @Test
    void givenAQuestion_whenItIsRefused_thenTheFutureFailsWithTheReason() throws Exception {
        CompletableFuture<Message> answer = conversation.ask("how many?", LONG);

        comes(Map.of("$reply", 1, "error", "too many"));

        assertThat(failure(answer)).isInstanceOf(RefusedException.class).hasMessage("too many");
    }

    @Test
    void givenAQuestion_whenTimeIsOver_thenTheFutureFailsAndALateAnswerIsDropped()
            throws Exception {
        var _ = conversation.onMessage(heard::add);
        CompletableFuture<Message> answer = conversation.ask("?", Duration.ofMillis(1));

        assertThat(failure(answer))
                .isInstanceOf(TimeoutException.class)
                .hasMessage("worker 1 has not answered within PT0.001S");
        SocketChannel late = SocketChannel.open();
        comes(new Message(Map.of("$reply", 1, "value", "late"), Optional.of(late)));

        assertThat(heard).isEmpty();
        assertThat(late.isOpen()).as("what came with it").isFalse();
    }

    @Test
    void givenAQuestion_whenTheChannelCloses_thenTheFutureFails() throws Exception {
        CompletableFuture<Message> before = conversation.ask("?", LONG);
        assertThat(there.awaitMessage()).isEqualTo(Map.of("$ask", 1, "value", "?"));
        here.close();
        conversation.over();

        CompletableFuture<Message> after = conversation.ask("?", LONG);

        for (CompletableFuture<Message> each : List.of(before, after)) {
            assertThat(failure(each))
                    .isInstanceOf(DisconnectedException.class)
                    .hasMessage("worker 1 disconnected before it answered");
        }
    }

    @Test
    void givenAQuestion_whenItIsCancelled_thenItsAnswerIsDropped() throws Exception {
        var _ = conversation.onMessage(heard::add);
        CompletableFuture<Message> answer = conversation.ask("?", LONG);

        assertThat(answer.cancel(false)).isTrue();
        comes(Map.of("$reply", 1, "value", 5));

        assertThat(heard).isEmpty();
    }

    @Test
    void givenWhatCannotBeAsked_whenAsked_thenThatIsSaidAndNothingIsSent() throws Exception {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> conversation.ask(new Object(), LONG))
                .withMessageStartingWith("cannot send");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> conversation.ask("?", Duration.ZERO))
                .withMessage("there must be time for an answer, not PT0S");

        conversation.send("next");
        assertThat(there.awaitMessage()).isEqualTo("next");
    }

    @Test
    void givenAListener_whenItWaitsForAnAnswer_thenItIsToldThatItCannot() throws Exception {
        CompletableFuture<Message> answer = conversation.ask("?", LONG);

        events.run(
                () ->
                        assertThatIllegalStateException()
                                .isThrownBy(answer::join)
                                .withMessageStartingWith("a listener cannot wait for an event"));
        answer.cancel(false);
    }

    /** What nobody asked is a message as any other. */
    @ParameterizedTest
    @ValueSource(ints = {0, 1})
    void givenAnAnswer_whenNothingWasAsked_thenItIsAMessage(int id) throws Exception {
        var _ = conversation.onMessage(message -> heard.add(message.value()));

        comes(Map.of("$reply", id, "value", 5));
        comes(Map.of("$reply", "x", "error", "no"));
        comes(Map.of("$ask", 1, "value", 5, "more", 1));
        comes(Map.of("$ask", true, "value", 5));

        assertThat(heard).hasSize(4);
    }

    // Answering.

    @ParameterizedTest
    @ValueSource(strings = {"7", "seven"})
    void givenAListenerOfMessages_whenAsked_thenItsAnswerGoesBackByTheIdThatItCameWith(String text)
            throws Exception {
        Object id = text.equals("7") ? Integer.valueOf(7) : text;
        var _ = conversation.onMessage(message -> message.reply(message.isQuestion()));

        comes(Map.of("$ask", id, "value", "?"));

        assertThat(there.awaitMessage()).isEqualTo(Map.of("$reply", id, "value", true));
    }

    @Test
    void givenAnAnswerer_whenAsked_thenItAloneHearsItAndMessagesGoToTheOthers() throws Exception {
        var _ = conversation.onMessage(message -> heard.add(message.value()));
        var _ = answer(Sum.class, sum -> sum.a() + sum.b());

        comes(Map.of("$ask", 1, "value", Map.of("a", 2, "b", 3)));
        comes("plain");

        assertThat(there.awaitMessage()).isEqualTo(Map.of("$reply", 1, "value", 5));
        assertThat(heard).containsExactly("plain");
    }

    private <Q> dev.prefork.Subscription answer(
            Class<Q> type, java.util.function.Function<Q, ?> function) {
        return conversation.onAsk(question -> Answerer.answer(question, type, function));
    }

    @Test
    void givenAnAnswerThatComesLater_whenItIsThere_thenItIsSent() throws Exception {
        CompletableFuture<Integer> later = new CompletableFuture<>();
        var _ = answer(String.class, question -> question.equals("?") ? later : failed("no"));
        comes(Map.of("$ask", 1, "value", "?"));
        comes(Map.of("$ask", 2, "value", "other"));

        assertThat(there.awaitMessage()).isEqualTo(Map.of("$reply", 2, "error", "no"));
        later.complete(9);

        assertThat(there.awaitMessage()).isEqualTo(Map.of("$reply", 1, "value", 9));
    }

    private static CompletableFuture<?> failed(String reason) {
        return CompletableFuture.supplyAsync(
                () -> {
                    throw new RefusedException(reason);
                });
    }

    @Test
    void givenAnAnswererThatFails_whenAsked_thenThatIsARefusalAndOnlyFaultsAreLogged()
            throws Exception {
        var _ =
                answer(
                        Sum.class,
                        sum ->
                                switch (sum.a()) {
                                    case 1 -> throw new RefusedException("not today");
                                    case 2 -> throw new IllegalStateException("a fault");
                                    default -> new Object();
                                });
        try (Logged logged = Logged.by(EventThread.class)) {
            comes(Map.of("$ask", 1, "value", Map.of("a", 1)));
            comes(Map.of("$ask", 2, "value", "none"));
            assertThat(logged.records()).isEmpty();
            comes(Map.of("$ask", 3, "value", Map.of("a", 2)));
            comes(Map.of("$ask", 4, "value", Map.of("a", 3)));
            assertThat(logged.records()).hasSize(2);
        }

        assertThat(there.awaitMessage()).isEqualTo(Map.of("$reply", 1, "error", "not today"));
        assertThat(there.awaitMessage())
                .asString()
                .contains("$reply=2", "error=cannot read the message as", "a text is no Sum");
        assertThat(there.awaitMessage())
                .isEqualTo(
                        Map.of("$reply", 3, "error", "java.lang.IllegalStateException: a fault"));
        assertThat(there.awaitMessage()).asString().contains("$reply=4", "there is no JSON for it");
    }

    @Test
    void givenAnAnswerer_whenASecondOneComes_thenItIsRefusedUntilTheFirstHasGone() {
        var first = answer(String.class, _ -> 1);

        assertThatIllegalStateException()
                .isThrownBy(() -> answer(String.class, _ -> 2))
                .withMessageStartingWith("there is an onAsk listener already");
        first.close();

        assertThat(answer(String.class, _ -> 2)).isNotNull();
    }

    @Test
    void givenNobodyWhoAnswers_whenAsked_thenTheQuestionWaitsForWhoDoes() throws Exception {
        comes("plain");
        comes(Map.of("$ask", 1, "value", "?"));

        var _ = answer(String.class, _ -> 1);
        assertThat(there.awaitMessage()).isEqualTo(Map.of("$reply", 1, "value", 1));
        var _ = conversation.onMessage(message -> heard.add(message.value()));
        events.run(() -> {});

        assertThat(heard).containsExactly("plain");
    }

    @Test
    void givenNobodyWhoListens_whenMuchIsAsked_thenWhatIsDroppedIsRefused() throws Exception {
        try (Logged _ = Logged.by(Inbox.class)) {
            for (int i = 0; i <= Inbox.MAX_MESSAGES; i++) {
                comes(Map.of("$ask", i, "value", "?"));
            }
        }

        assertThat(there.awaitMessage())
                .isEqualTo(Map.of("$reply", 0, "error", "nobody listens to messages there"));
    }

    @Test
    void givenAQuestion_whenItIsAnsweredTwice_thenTheSecondOneIsRefused() throws Exception {
        var _ =
                conversation.onMessage(
                        question -> {
                            assertThatIllegalArgumentException()
                                    .isThrownBy(() -> question.reply(new Object()));
                            question.reply(1);
                            assertThatIllegalStateException()
                                    .isThrownBy(() -> question.refuse("no"))
                                    .withMessage("the question is answered already");
                            heard.add("both");
                        });

        comes(Map.of("$ask", 1, "value", "?"));

        assertThat(there.awaitMessage()).isEqualTo(Map.of("$reply", 1, "value", 1));
        assertThat(heard).containsExactly("both");
    }

    @Test
    void givenAPlainMessage_whenItIsAnswered_thenThatIsRefused() {
        Message plain = new Message("plain", Optional.empty());

        assertThat(plain.isQuestion()).isFalse();
        assertThatThrownBy(() -> plain.reply(1))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageStartingWith("this message is no question");
    }

    // Room.

    @Test
    void givenAReaderThatIsSlow_whenMuchIsSent_thenSendersWaitUntilItHasRead() throws Exception {
        List<CompletableFuture<Void>> sent = new ArrayList<>();
        CompletableFuture<Void> drained = new CompletableFuture<>();
        var _ = conversation.onDrain(() -> drained.complete(null));
        CompletableFuture<Void> reads = new CompletableFuture<>();
        there.loop().execute(reads::join);

        while (sent.isEmpty() || sent.getLast().isDone()) {
            sent.add(conversation.sendAsync("x".repeat(10_000)));
        }
        assertThat(sent).hasSizeBetween(13, 100);
        assertThat(drained).isNotDone();
        reads.complete(null);

        sent.getLast().get(Events.DEADLINE_SECONDS, TimeUnit.SECONDS);
        drained.get(Events.DEADLINE_SECONDS, TimeUnit.SECONDS);
    }

    @Test
    void givenAClosedChannel_whenSent_thenTheFutureFails() throws Exception {
        CompletableFuture<Void> reads = new CompletableFuture<>();
        there.loop().execute(reads::join);
        CompletableFuture<Void> waits = conversation.sendAsync("x".repeat(1 << 20));
        assertThat(waits).isNotDone();

        here.link().channel().abort();
        conversation.over();

        assertThat(failure(waits)).isInstanceOf(DisconnectedException.class);
        assertThat(failure(conversation.sendAsync("next")))
                .isInstanceOf(DisconnectedException.class)
                .hasMessage("worker 1 is disconnected");
        reads.complete(null);
    }
}
