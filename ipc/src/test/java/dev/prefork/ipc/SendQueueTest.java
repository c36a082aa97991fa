package dev.prefork.ipc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.prefork.posix.Fd;
import dev.prefork.posix.NothingLeft;
import dev.prefork.posix.Sockets;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The queue alone, in steps of one letter: {@code a}, {@code b} … a message; {@code A}, {@code B} …
 * one with a handle; {@code !} a control message; {@code >} writes what can be written, {@code =}
 * by as few calls as can be; {@code +} an acknowledgement; {@code -} a negative one; {@code x} the
 * next one cannot be written; {@code #} the channel closes. SPEC C3, C4.
 */
@ExtendWith(NothingLeft.class)
class SendQueueTest {
    private final SendQueue queue = new SendQueue();
    private final StringBuilder wire = new StringBuilder();
    private final StringBuilder told = new StringBuilder();
    private final List<Fd> descriptors = new ArrayList<>();

    @AfterEach
    void closed() {
        queue.failAll(new ChannelClosedException());
        assertThat(descriptors).noneMatch(Fd::isOpen);
    }

    @ParameterizedTest(name = "{0}: wire {1}, told {2}")
    @CsvSource(
            quoteCharacter = '"',
            value = {
                // Without handles: as they come.
                "a>b>, ab, a b",
                "ab>, ab, a b",
                // Together, but for what has a handle.
                "abc=, (abc), a b c",
                "abAcd=+=, (ab)(A)(cd), a b A c d",
                "AbBc=+=+=, (A)(b)(B)(c), A b B c",
                "Ab=!!=+=, (A)(!!)(b), A b",
                "Ab=-=, (A)(A), A",
                // A handle holds what is behind it until it is acknowledged.
                "aAb>, aA, a A",
                "aAb>+>, aAb, a A b",
                "Ab+, broken, ''",
                "ABc>+>+>, ABc, A B c",
                "ABc>+>, AB, A B",
                // One acknowledgement that nobody waits for changes nothing.
                "+->a>, a, a",
                // Ours must not wait behind our own handle.
                "Ab>!>, A!, A",
                "!Ab>, !A, A",
                // Sent again three times, told as written once; then it is lost, and the others go.
                "Ab>->, AA, A",
                "Ab>->->->, AAAA, A",
                "Ab>->->->->, AAAAb, A A? b",
                "AB>->->->->+>, AAAAB, A A? B",
                "Ab>->+>, AAb, A b",
                // What cannot be written is told, and holds nobody.
                "Abx>, b, A! b",
                "abx>, b, a! b",
                "ABx>+>, B, A! B",
                // The end: all are told, once.
                "Abc>#, A, A b! c!",
                "Abc#, '', A! b! c!",
                "ab#, '', a! b!",
            })
    void givenSteps_whenTaken_thenTheWireAndTheSendersSeeThis(
            String steps, String onTheWire, String tellings) throws Exception {
        try {
            for (int i = 0; i < steps.length(); i++) {
                take(steps.charAt(i));
            }
        } catch (ProtocolException broken) {
            wire.setLength(0);
            wire.append("broken");
            told.setLength(0);
        }

        assertThat(wire.toString()).isEqualTo(onTheWire.replace("''", ""));
        assertThat(told.toString().strip()).isEqualTo(tellings.replace("''", ""));
    }

    private void take(char step) throws Exception {
        switch (step) {
            case '>' -> write();
            case '=' -> writeTogether();
            case '+' -> queue.acknowledged();
            case '-' -> queue.notAcknowledged();
            case '!' -> queue.addControl("NODE_HANDLE_ACK");
            case 'x' -> {
                assertThat(queue.next()).isNotNull();
                queue.drop(new IllegalStateException("no room"));
            }
            case '#' -> queue.failAll(new ChannelClosedException());
            default -> add(String.valueOf(step), Outgoing.Kind.OWN);
        }
    }

    private boolean add(String name, Outgoing.Kind kind) throws Exception {
        Handle handle = null;
        if (Character.isUpperCase(name.charAt(0))) {
            Fd[] pair = Sockets.pair(Sockets.Type.STREAM);
            pair[1].close();
            descriptors.add(pair[0]);
            handle = new Handle(Handle.NET_NATIVE, pair[0]);
        }
        Delivery delivery =
                new Delivery() {
                    @Override
                    public void done(Optional<Exception> failure) {
                        told.append(name).append(failure.isPresent() ? "! " : " ");
                    }

                    @Override
                    public void handleLost() {
                        told.append(name).append("? ");
                    }
                };
        Outgoing outgoing = new Outgoing(name, handle, kind, delivery);
        boolean roomy = queue.reserve(outgoing);
        queue.add(outgoing);
        return roomy;
    }

    /** Byte by byte: a message may be written in any number of pieces. */
    private void write() {
        for (Outgoing next = queue.next(); next != null; next = queue.next()) {
            if (next.unwritten() == 1) {
                wire.append(name(next));
            }
            queue.wrote(1);
        }
    }

    private void writeTogether() {
        while (queue.next() != null) {
            AtomicInteger bytes = new AtomicInteger();
            wire.append('(');
            queue.together(
                    each -> {
                        wire.append(name(each));
                        return bytes.addAndGet(each.unwritten()) > 0;
                    });
            wire.append(')');
            queue.wrote(bytes.get());
        }
    }

    private static char name(Outgoing outgoing) {
        String line = new String(outgoing.line, UTF_8);
        return line.contains("NODE_HANDLE_ACK")
                ? '!'
                : line.replaceAll("^.*\"msg\":", "").charAt(1);
    }

    @Test
    void givenMuchUnwritten_whenReserved_thenTheSenderIsToldToWaitUntilItIsWritten()
            throws Exception {
        String big = "x".repeat(SendQueue.HIGH_WATER_BYTES);

        assertThat(add("small", Outgoing.Kind.OWN)).isTrue();
        assertThat(add(big, Outgoing.Kind.OWN)).isFalse();
        assertThat(add("next", Outgoing.Kind.OWN)).isFalse();
        write();

        assertThat(add("again", Outgoing.Kind.OWN)).isTrue();
    }

    @Test
    void givenASenderThatWaits_whenHalfOfTheRoomIsThereAgain_thenItHasDrainedOnce()
            throws Exception {
        String quarter = "x".repeat(SendQueue.HIGH_WATER_BYTES / 4);
        add(quarter, Outgoing.Kind.OWN);
        assertThat(queue.hasDrained()).as("nobody waits").isFalse();
        while (add(quarter, Outgoing.Kind.OWN)) {}
        assertThat(queue.hasDrained()).isFalse();

        int line = queue.next().unwritten();
        queue.next();
        queue.wrote(line);
        assertThat(queue.hasDrained()).as("three quarters wait").isFalse();
        queue.next();
        queue.wrote(2 * line);

        assertThat(queue.hasDrained()).isTrue();
        assertThat(queue.hasDrained()).as("once").isFalse();
    }

    @Test
    void givenASenderBehindAHandle_whenThatIsAcknowledged_thenItHasDrained() throws Exception {
        add("A", Outgoing.Kind.OWN);
        assertThat(add("b", Outgoing.Kind.OWN)).isFalse();
        write();
        assertThat(queue.hasDrained()).isFalse();

        queue.acknowledged();

        assertThat(queue.hasDrained()).isTrue();
        assertThat(queue.hasDrained()).as("once").isFalse();
    }

    @Test
    void givenSeveral_whenPartOfThemIsWritten_thenTheRestStaysAndTheOthersAreTold()
            throws Exception {
        add("a", Outgoing.Kind.OWN);
        add("b", Outgoing.Kind.OWN);
        add("c", Outgoing.Kind.OWN);
        int line = queue.next().unwritten();

        queue.wrote(line + 1);

        assertThat(told.toString()).isEqualTo("a ");
        assertThat(name(queue.next())).isEqualTo('b');
        assertThat(queue.next().written()).isEqualTo(1);
        queue.wrote(2 * line - 1);
        assertThat(told.toString()).isEqualTo("a b c ");
        assertThat(queue.isDone()).isTrue();
    }

    @Test
    void givenAHandleThatFails_whenReservedAgain_thenTheSenderNeedNotWait() throws Exception {
        assertThat(add("A", Outgoing.Kind.OWN)).isTrue();
        assertThat(add("b", Outgoing.Kind.OWN)).isFalse();
        take('x');
        take('>');

        assertThat(add("c", Outgoing.Kind.OWN)).isTrue();
    }

    @Test
    void givenAnswersThatAreNotRead_whenMoreThanAMiBWait_thenNoMoreIsAskedUntilTheyAre()
            throws Exception {
        String answer = "x".repeat(100_000);
        for (int i = 0; i < 20; i++) {
            add(answer, Outgoing.Kind.OWN);
        }
        assertThat(queue.isOverburdened()).as("by our own messages").isFalse();

        for (int i = 0; i < 11; i++) {
            add(answer, Outgoing.Kind.REPLY);
        }

        assertThat(queue.isOverburdened()).isTrue();
        for (Outgoing next = queue.next(); next != null; next = queue.next()) {
            queue.wrote(next.unwritten());
        }
        assertThat(queue.isOverburdened()).isFalse();
    }

    @Test
    void givenAnswersBehindAHandle_whenTheyAreMany_thenItsAcknowledgementCanStillBeRead()
            throws Exception {
        String answer = "x".repeat(1_000_000);
        add("A", Outgoing.Kind.REPLY);
        write();
        for (int i = 0; i < 16; i++) {
            add(answer, Outgoing.Kind.REPLY);
        }

        assertThat(queue.isOverburdened()).isFalse();
        add(answer, Outgoing.Kind.REPLY);
        assertThatThrownBy(queue::isOverburdened)
                .isInstanceOf(ProtocolException.class)
                .hasMessageContaining("wait for a handle to be acknowledged");
    }
}
