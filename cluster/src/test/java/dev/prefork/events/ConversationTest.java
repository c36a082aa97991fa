package dev.prefork.events;

import static org.assertj.core.api.Assertions.assertThat;

import dev.prefork.ipc.ChannelClosedException;
import dev.prefork.posix.Fd;
import dev.prefork.posix.Sockets;
import dev.prefork.wire.LinkEnd;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** What a sender hears of its message. SPEC C4. */
class ConversationTest {
    private final Events events = new Events();
    private final BlockingQueue<Exception> errors = new LinkedBlockingQueue<>();
    private final BlockingQueue<Optional<Exception>> told = new LinkedBlockingQueue<>();
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
                        "the other",
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

    /** One line for the end of a channel, however much it has not taken, and one for the rest. */
    @Test
    void givenNobodyWhoListensToErrors_whenManyMessagesAreNotSent_thenTheLogHasTwoLines()
            throws Exception {
        here.close();
        try (Logged logged = Logged.by(Unsent.class)) {
            for (int i = 0; i < 1000; i++) {
                assertThat(conversation.send("lost " + i)).isFalse();
            }
            conversation.over();
            for (int i = 0; i < 1000; i++) {
                assertThat(conversation.send("late " + i)).isFalse();
            }
            events.run(() -> {});

            assertThat(logged.records()).hasSize(2).allMatch(line -> line.getThrown() == null);
            assertThat(logged.records().getFirst().getParameters())
                    .containsExactly("the other", "1000");
            assertThat(logged.records().getLast().getMessage()).contains("send() returns false");
        }
    }

    @Test
    void givenAnOpenChannel_whenMessagesAreSent_thenOnlyTheCallbackIsTold() throws Exception {
        conversation.onError(errors::add);
        assertThat(conversation.send("without")).isTrue();
        assertThat(conversation.send("with", told::add)).isTrue();

        assertThat(there.awaitMessage()).isEqualTo("without");
        assertThat(there.awaitMessage()).isEqualTo("with");
        assertThat(told.poll(Events.DEADLINE_SECONDS, TimeUnit.SECONDS)).isEmpty();
        events.run(() -> {});
        assertThat(errors).isEmpty();
    }

    @Test
    void givenAClosedChannel_whenMessagesAreSent_thenTheCallbackOrElseErrorIsTold()
            throws Exception {
        conversation.onError(errors::add);
        here.close();

        assertThat(conversation.send("with", told::add)).isFalse();
        assertThat(told.poll(Events.DEADLINE_SECONDS, TimeUnit.SECONDS))
                .containsInstanceOf(ChannelClosedException.class);
        events.run(() -> {});
        assertThat(errors).isEmpty();

        assertThat(conversation.send("without")).isFalse();
        assertThat(errors.poll(Events.DEADLINE_SECONDS, TimeUnit.SECONDS))
                .isInstanceOf(ChannelClosedException.class);
    }
}
