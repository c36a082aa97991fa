package dev.prefork.posix;

import static dev.prefork.posix.DescriptorSocket.NOTHING;
import static dev.prefork.posix.DescriptorSocket.NO_DESCRIPTOR;

import static org.assertj.core.api.Assertions.assertThat;

import static java.nio.charset.StandardCharsets.US_ASCII;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardProtocolFamily;
import java.nio.channels.SocketChannel;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

@ExtendWith(NothingLeft.class)
@SuppressWarnings("try") // closes early what it would close anyway
class DescriptorSocketTest {
    private static final int BUFFER_BYTES = 65536;

    private DescriptorSocket left;
    private DescriptorSocket right;
    private EventFd event;

    @BeforeEach
    void open() throws IOException {
        Fd[] pair = Sockets.pair(Sockets.Type.STREAM);
        left = new DescriptorSocket(pair[0], BUFFER_BYTES);
        right = new DescriptorSocket(pair[1], BUFFER_BYTES);
        event = EventFd.open();
    }

    @AfterEach
    void close() {
        left.close();
        right.close();
        event.close();
    }

    @Test
    void givenBytes_whenTheyAreSent_thenTheyArriveWithoutADescriptor() {
        assertThat(left.send("..hello..".getBytes(US_ASCII), 2, 5, NO_DESCRIPTOR)).isEqualTo(5);

        assertThat(right.receive()).isEqualTo(5);
        assertThat(received(right)).isEqualTo("hello");
        assertThat(right.takeDescriptor()).isNull();
    }

    @Test
    void givenSeveralPutTogether_whenTheyAreSent_thenTheyArriveOnceInTheirOrder() {
        assertThat(left.put(".one.".getBytes(US_ASCII), 1, 3)).isEqualTo(3);
        assertThat(left.put("two".getBytes(US_ASCII), 0, 3)).isEqualTo(3);
        assertThat(right.receive()).isEqualTo(NOTHING);

        assertThat(left.send(NO_DESCRIPTOR)).isEqualTo(6);
        send(left, "three", NO_DESCRIPTOR);

        assertThat(right.receive()).isEqualTo(11);
        assertThat(received(right)).isEqualTo("onetwothree");
    }

    @Test
    void givenMoreThanTheBuffer_whenPut_thenAsMuchIsTakenAsThereIsRoomFor() {
        byte[] half = new byte[BUFFER_BYTES / 2 + 1];
        assertThat(left.put(half, 0, half.length)).isEqualTo(half.length);

        assertThat(left.put(half, 0, half.length)).isEqualTo(half.length - 2);
        assertThat(left.put(half, 0, half.length)).isZero();

        assertThat(left.send(NO_DESCRIPTOR)).isEqualTo(BUFFER_BYTES);
        assertThat(left.put(half, 0, half.length)).isEqualTo(half.length);
    }

    @Test
    void givenWhatWasPut_whenItCannotBeSent_thenItIsForgotten() {
        left.put("lost".getBytes(US_ASCII), 0, 4);
        assertThat(left.send(19_999)).isEqualTo(-Errno.EBADF);

        send(left, "next", NO_DESCRIPTOR);

        assertThat(right.receive()).isEqualTo(4);
        assertThat(received(right)).isEqualTo("next");
    }

    @Test
    void givenAReadThatEndsEarly_whenItEndsBehindADescriptor_thenThereMayBeMore() {
        send(left, "plain", NO_DESCRIPTOR);
        assertThat(right.receive()).isEqualTo(5);
        assertThat(right.isDrained()).isTrue();

        send(left, "with", event.descriptor());
        send(left, "more", NO_DESCRIPTOR);
        assertThat(right.receive()).isEqualTo(4);
        assertThat(right.isDrained()).isFalse();
        assertThat(right.receive()).isEqualTo(4);
        assertThat(right.isDrained()).isTrue();

        byte[] full = new byte[BUFFER_BYTES];
        assertThat(left.send(full, 0, full.length, NO_DESCRIPTOR)).isEqualTo(full.length);
        assertThat(right.receive()).isEqualTo(full.length);
        assertThat(right.isDrained()).isFalse();
    }

    @Test
    void givenNothingSent_whenReceiving_thenThereIsNothingAndNoBytesOfBefore() {
        send(left, "old", NO_DESCRIPTOR);
        assertThat(right.receive()).isEqualTo(3);

        assertThat(right.receive()).isEqualTo(NOTHING);
        assertThat(right.received().remaining()).isZero();
    }

    @Test
    void givenADescriptor_whenItIsSent_thenTheOtherEndHasTheSameOpenFile() throws IOException {
        send(left, "take", event.descriptor());

        assertThat(right.receive()).isEqualTo(4);
        try (Fd taken = right.takeDescriptor()) {
            assertThat(received(right)).isEqualTo("take");
            assertThat(right.takeDescriptor()).isNull();
            assertThat(taken.number()).isNotEqualTo(event.descriptor());
            assertThat(Readiness.now(taken.number(), Epoll.READABLE)).isZero();

            event.set();

            assertThat(Readiness.now(taken.number(), Epoll.READABLE)).isEqualTo(Epoll.READABLE);
        }
    }

    @Test
    void givenADescriptorThatWasSent_whenTheSenderClosesItsOwn_thenItStaysOpenOnTheWay()
            throws IOException {
        EventFd other = EventFd.open();
        send(left, "x", other.descriptor());
        other.close();

        assertThat(right.receive()).isEqualTo(1);
        try (Fd taken = right.takeDescriptor()) {
            assertThat(NothingLeft.target(taken.number())).isEqualTo("anon_inode:[eventfd]");
        }
    }

    @Test
    void givenAConnection_whenItIsPassedOn_thenItCanBeServedAtTheOtherEnd() throws IOException {
        try (Fd listener = Sockets.open(StandardProtocolFamily.INET, Sockets.Type.STREAM)) {
            Sockets.bind(
                    listener.number(),
                    new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), 0));
            Sockets.listen(listener.number(), 8);
            try (SocketChannel client =
                            SocketChannel.open(Sockets.localAddress(listener.number()));
                    Fd accepted = Fd.owning(Sockets.accept(listener.number()))) {
                send(left, "x", accepted.number());
                accepted.close();

                assertThat(right.receive()).isEqualTo(1);
                try (DescriptorSocket taken = new DescriptorSocket(right.takeDescriptor(), 64)) {
                    assertThat(Sockets.remoteAddress(taken.descriptor()))
                            .isEqualTo(client.getLocalAddress());
                    send(taken, "hello", NO_DESCRIPTOR);
                }
                byte[] answer = client.socket().getInputStream().readAllBytes();
                assertThat(answer).asString(US_ASCII).isEqualTo("hello");
            }
        }
    }

    @Test
    void givenAMessageLongerThanTheBuffer_whenReceived_thenTheDescriptorComesWithItsFirstBytes()
            throws IOException {
        Fd[] pair = Sockets.pair(Sockets.Type.STREAM);
        try (DescriptorSocket sender = new DescriptorSocket(pair[0], BUFFER_BYTES);
                DescriptorSocket narrow = new DescriptorSocket(pair[1], 4)) {
            send(sender, "0123456789", event.descriptor());

            assertThat(narrow.receive()).isEqualTo(4);
            assertThat(received(narrow)).isEqualTo("0123");
            try (Fd taken = narrow.takeDescriptor()) {
                assertThat(taken).isNotNull();
            }
            assertThat(narrow.receive()).isEqualTo(4);
            assertThat(received(narrow)).isEqualTo("4567");
            assertThat(narrow.takeDescriptor()).isNull();
            assertThat(narrow.receive()).isEqualTo(2);
            assertThat(received(narrow)).isEqualTo("89");
            assertThat(narrow.receive()).isEqualTo(NOTHING);
        }
    }

    @Test
    void givenMoreBytesThanTheSendersBuffer_whenTheyAreSent_thenOneBufferIsTaken()
            throws IOException {
        Fd[] pair = Sockets.pair(Sockets.Type.STREAM);
        try (DescriptorSocket narrow = new DescriptorSocket(pair[0], 4);
                DescriptorSocket receiver = new DescriptorSocket(pair[1], BUFFER_BYTES)) {
            assertThat(narrow.send("0123456789".getBytes(US_ASCII), 0, 10, NO_DESCRIPTOR))
                    .isEqualTo(4);

            assertThat(receiver.receive()).isEqualTo(4);
            assertThat(received(receiver)).isEqualTo("0123");
        }
    }

    @Test
    void givenSeveralMessagesWithDescriptors_whenReceived_thenEachDescriptorIsWithItsOwnMessage()
            throws IOException {
        try (EventFd second = EventFd.open()) {
            second.set();
            send(left, "one", event.descriptor());
            send(left, "two", second.descriptor());

            // The kernel ends a read behind the bytes that a descriptor came with.
            assertThat(right.receive()).isEqualTo(3);
            assertThat(received(right)).isEqualTo("one");
            try (Fd taken = right.takeDescriptor()) {
                assertThat(Readiness.now(taken.number(), Epoll.READABLE)).isZero();
            }
            assertThat(right.receive()).isEqualTo(3);
            assertThat(received(right)).isEqualTo("two");
            try (Fd taken = right.takeDescriptor()) {
                assertThat(Readiness.now(taken.number(), Epoll.READABLE)).isEqualTo(Epoll.READABLE);
            }
        }
    }

    @Test
    void givenADescriptorThatNobodyTakes_whenTheNextIsReceivedOrTheSocketCloses_thenItIsClosed()
            throws IOException {
        int before = NothingLeft.descriptors().size();
        send(left, "one", event.descriptor());
        send(left, "two", event.descriptor());

        assertThat(right.receive()).isEqualTo(3);
        assertThat(NothingLeft.descriptors()).hasSize(before + 1);
        assertThat(right.receive()).isEqualTo(3);
        assertThat(NothingLeft.descriptors()).hasSize(before + 1);
        right.close();
        assertThat(NothingLeft.descriptors()).hasSize(before - 1);
    }

    @Test
    void given800KilobytesWithADescriptor_whenSentAsTheSocketTakesThem_thenAllArrivesOnce()
            throws IOException {
        byte[] bytes = new byte[800 * 1024];
        new Random(1).nextBytes(bytes);
        ByteArrayOutputStream arrived = new ByteArrayOutputStream();
        List<Integer> descriptorsAfterBytes = new ArrayList<>();
        int sent = 0;
        boolean full = false;
        while (arrived.size() < bytes.length) {
            int descriptor = sent == 0 ? event.descriptor() : NO_DESCRIPTOR;
            int taken =
                    sent == bytes.length
                            ? NOTHING
                            : left.send(bytes, sent, bytes.length - sent, descriptor);
            if (taken > 0) {
                sent += taken;
                continue;
            }
            assertThat(taken).isEqualTo(NOTHING);
            full |= sent < bytes.length;
            int count = right.receive();
            assertThat(count).isPositive();
            try (Fd with = right.takeDescriptor()) {
                if (with != null) {
                    descriptorsAfterBytes.add(arrived.size());
                }
            }
            byte[] part = new byte[count];
            right.received().get(part);
            arrived.writeBytes(part);
        }

        assertThat(full).as("the socket was full on the way").isTrue();
        assertThat(descriptorsAfterBytes).containsExactly(0);
        assertThat(arrived.toByteArray()).isEqualTo(bytes);
    }

    @Test
    void givenAFullSocket_whenADescriptorIsSent_thenEagainAndNothingIsOnTheWay()
            throws IOException {
        byte[] bytes = new byte[BUFFER_BYTES];
        int sent = 0;
        int taken = left.send(bytes, 0, bytes.length, NO_DESCRIPTOR);
        for (; taken > 0; taken = left.send(bytes, 0, bytes.length, NO_DESCRIPTOR)) {
            sent += taken;
        }

        assertThat(taken).isEqualTo(-Errno.EAGAIN);
        assertThat(left.send(bytes, 0, 1, event.descriptor())).isEqualTo(-Errno.EAGAIN);
        int arrived = 0;
        for (int count = right.receive(); count > 0; count = right.receive()) {
            arrived += count;
            assertThat(right.takeDescriptor()).isNull();
        }
        assertThat(arrived).isEqualTo(sent);
        assertThat(Readiness.now(left.descriptor(), Epoll.WRITABLE)).isEqualTo(Epoll.WRITABLE);
    }

    @Test
    void givenAClosedPeer_whenReceiving_thenWhatItSentComesFirstAndThenTheEnd() throws IOException {
        send(left, "bye", event.descriptor());
        left.close();

        assertThat(right.receive()).isEqualTo(3);
        try (Fd taken = right.takeDescriptor()) {
            assertThat(NothingLeft.target(taken.number())).isEqualTo("anon_inode:[eventfd]");
        }
        assertThat(right.receive()).isZero();
        assertThat(right.receive()).isZero();
    }

    @Test
    void givenAClosedPeer_whenSending_thenEpipeAndNoSignal() {
        right.close();

        assertThat(left.send(new byte[1], 0, 1, NO_DESCRIPTOR)).isEqualTo(-Errno.EPIPE);
        assertThat(left.send(new byte[1], 0, 1, event.descriptor())).isEqualTo(-Errno.EPIPE);
    }

    @Test
    void givenAPeerThatClosesWithUnreadBytes_whenReceiving_thenEconnreset() {
        send(left, "unread", NO_DESCRIPTOR);
        right.close();

        assertThat(left.receive()).isEqualTo(-Errno.ECONNRESET);
    }

    @Test
    void givenADescriptorThatIsNotOpen_whenItIsSent_thenEbadfAndNoBytesGo() {
        assertThat(left.send(new byte[1], 0, 1, 19_999)).isEqualTo(-Errno.EBADF);

        assertThat(right.receive()).isEqualTo(NOTHING);
    }

    @Test
    void givenASeqpacketPair_whenSeveralAreSent_thenMessagesStayApart() throws IOException {
        Fd[] pair = Sockets.pair(Sockets.Type.SEQPACKET);
        try (DescriptorSocket sender = new DescriptorSocket(pair[0], BUFFER_BYTES);
                DescriptorSocket receiver = new DescriptorSocket(pair[1], BUFFER_BYTES)) {
            send(sender, "one", NO_DESCRIPTOR);
            send(sender, "two", event.descriptor());

            assertThat(receiver.receive()).isEqualTo(3);
            assertThat(received(receiver)).isEqualTo("one");
            assertThat(receiver.takeDescriptor()).isNull();
            assertThat(receiver.receive()).isEqualTo(3);
            assertThat(received(receiver)).isEqualTo("two");
            try (Fd taken = receiver.takeDescriptor()) {
                assertThat(taken).isNotNull();
            }
        }
    }

    @Test
    void givenAClosedSocket_whenItIsClosedAgain_thenNothingHappens() {
        left.close();
        left.close();

        assertThat(left.isOpen()).isFalse();
    }

    @Test
    void givenAProcessWithoutRoomForDescriptors_whenOneArrives_thenItsBytesComeAndTheLossIsKnown()
            throws IOException {
        Run run = Run.of(Run.inShell("ulimit -n 64", Run.java(FullProcess.class)));

        assertThat(run.end()).as(run.err()).isEqualTo(new ExitStatus.Exited(0));
        assertThat(run.out().lines())
                .containsExactly(
                        "with room: count=1 descriptor=true",
                        "full: count=1 descriptor=false",
                        "full: accept=EMFILE",
                        "with room: count=1 descriptor=true");
    }

    /** Uses up its descriptors with a message and a connection waiting. */
    static final class FullProcess {
        public static void main(String[] arguments) throws IOException {
            Fd[] pair = Sockets.pair(Sockets.Type.STREAM);
            DescriptorSocket sender = new DescriptorSocket(pair[0], 64);
            DescriptorSocket receiver = new DescriptorSocket(pair[1], 64);
            Fd listener = Sockets.open(StandardProtocolFamily.INET, Sockets.Type.STREAM);
            Sockets.bind(
                    listener.number(),
                    new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), 0));
            Sockets.listen(listener.number(), 8);
            try (SocketChannel client =
                    SocketChannel.open(Sockets.localAddress(listener.number()))) {
                // Once with room, so that no class needs to be loaded when there is none.
                transfer("with room", sender, receiver);
                Errno.name(0);
                List<Fd> all = new ArrayList<>();
                try {
                    while (client.isConnected()) {
                        all.add(listener.duplicate());
                    }
                } catch (PosixException full) {
                    transfer("full", sender, receiver);
                    System.out.println(
                            "full: accept=" + Errno.name(-Sockets.accept(listener.number())));
                }
                all.forEach(Fd::close);
                transfer("with room", sender, receiver);
            }
        }

        private static void transfer(
                String when, DescriptorSocket sender, DescriptorSocket receiver) {
            sender.send(new byte[1], 0, 1, sender.descriptor());
            int count = receiver.receive();
            try (Fd taken = receiver.takeDescriptor()) {
                System.out.println(when + ": count=" + count + " descriptor=" + (taken != null));
            }
        }
    }

    private static void send(DescriptorSocket from, String text, int descriptor) {
        byte[] bytes = text.getBytes(US_ASCII);
        assertThat(from.send(bytes, 0, bytes.length, descriptor)).isEqualTo(bytes.length);
    }

    private static String received(DescriptorSocket by) {
        return US_ASCII.decode(by.received()).toString();
    }
}
