package dev.prefork.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.prefork.posix.Fd;
import dev.prefork.posix.Sockets;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.BindException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.net.StandardProtocolFamily;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.AlreadyBoundException;
import java.nio.channels.AsynchronousCloseException;
import java.nio.channels.DatagramChannel;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;

/** A datagram channel whose bind brings it a socket that somebody else has too. */
@ExtendWith(NothingLeft.class)
@Timeout(60)
class DatagramTest {
    private static final InetSocketAddress ANY_PORT =
            new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), 0);

    private final OpenServers servers = new OpenServers();
    private final AtomicInteger asked = new AtomicInteger();
    private final AtomicInteger closed = new AtomicInteger();
    private Runnable beforeAnswer = () -> {};
    private boolean keepsTheSocket;
    private Fd kept;
    private final ClusterSelectorProvider provider =
            new ClusterSelectorProvider(() -> Optional.of(new Broker()), servers);

    private final class Broker implements ListenBroker {
        @Override
        public Optional<ConnectionSource> listen(ListenRequest request) {
            throw new AssertionError(request);
        }

        @Override
        public Optional<SharedDatagrams> bind(DatagramRequest request) throws IOException {
            asked.incrementAndGet();
            beforeAnswer.run();
            Fd socket = Sockets.open(request.family(), Sockets.Type.DATAGRAM);
            Sockets.bind(socket.number(), request.address());
            if (keepsTheSocket) {
                kept = socket.duplicate();
            }
            return Optional.of(new SharedDatagrams(socket, closed::incrementAndGet));
        }
    }

    private DatagramChannel open() throws IOException {
        return provider.openDatagramChannel(StandardProtocolFamily.INET);
    }

    private static void send(String text, DatagramChannel to) throws IOException {
        try (DatagramChannel client = DatagramChannel.open(StandardProtocolFamily.INET)) {
            client.send(ByteBuffer.wrap(text.getBytes(UTF_8)), to.getLocalAddress());
        }
    }

    private static int receive(DatagramChannel channel) throws IOException {
        ByteBuffer data = ByteBuffer.allocate(100);
        return channel.receive(data) == null ? -1 : data.position();
    }

    @Test
    void givenABoundChannel_whenItCloses_thenTheBrokerIsToldOnce() throws IOException {
        DatagramChannel channel = open();
        channel.bind(ANY_PORT);
        assertThatThrownBy(() -> channel.bind(ANY_PORT)).isInstanceOf(AlreadyBoundException.class);
        send("four", channel);
        assertThat(receive(channel)).isEqualTo(4);
        assertThat(closed).hasValue(0);

        channel.close();
        channel.close();

        assertThat(asked).hasValue(1);
        assertThat(closed).hasValue(1);
    }

    @Test
    void givenSelectorsThatHaveLooked_whenTheChannelIsBound_thenTheySeeItsDatagrams()
            throws IOException {
        for (int interest :
                new int[] {SelectionKey.OP_READ, SelectionKey.OP_READ | SelectionKey.OP_WRITE}) {
            try (Selector first = provider.openSelector();
                    Selector second = provider.openSelector();
                    DatagramChannel channel = open()) {
                channel.configureBlocking(false);
                SelectionKey key = channel.register(first, interest);
                SelectionKey other = channel.register(second, interest);
                first.selectNow();
                second.selectNow();

                channel.bind(ANY_PORT);
                send("five!", channel);

                awaitReadable(first, key);
                awaitReadable(second, other);
                assertThat(receive(channel)).isEqualTo(5);
                assertThat(receive(channel)).isEqualTo(-1);
                key.interestOps(0);
                assertThat(first.selectNow()).isZero();
                key.interestOps(SelectionKey.OP_READ);
                send("six666", channel);
                awaitReadable(first, key);
                other.cancel();
                second.selectNow();
            }
        }
    }

    private static void awaitReadable(Selector selector, SelectionKey key) throws IOException {
        do {
            selector.selectedKeys().clear();
            selector.select();
        } while (!key.isReadable());
        selector.selectedKeys().clear();
    }

    @Test
    void givenOptionsSetBefore_whenTheChannelIsBound_thenTheSharedSocketHasThem()
            throws IOException {
        try (DatagramChannel channel = open()) {
            channel.setOption(StandardSocketOptions.SO_BROADCAST, true);
            channel.setOption(StandardSocketOptions.IP_TOS, 0x10);
            channel.bind(ANY_PORT);

            assertThat(channel.getOption(StandardSocketOptions.SO_BROADCAST)).isTrue();
            assertThat(channel.getOption(StandardSocketOptions.IP_TOS)).isEqualTo(0x10);
        }
    }

    @Test
    void givenNoNamedAddress_whenAChannelIsBound_thenNobodyIsAsked() throws IOException {
        try (DatagramChannel chosen = open();
                DatagramChannel sends = open();
                DatagramChannel kernel = open()) {
            chosen.bind(null);
            sends.send(ByteBuffer.allocate(1), chosen.getLocalAddress());
            kernel.setOption(StandardSocketOptions.SO_REUSEPORT, true);
            kernel.bind(ANY_PORT);
        }
        assertThat(asked).hasValue(0);
    }

    @Test
    void givenAChannelThatClosesWhileTheBrokerIsAsked_whenItAnswers_thenTheSocketGoesBack()
            throws IOException {
        DatagramChannel channel = open();
        beforeAnswer =
                () -> {
                    try {
                        channel.close();
                    } catch (IOException e) {
                        throw new UncheckedIOException(e);
                    }
                };

        assertThatThrownBy(() -> channel.bind(ANY_PORT))
                .isInstanceOf(AsynchronousCloseException.class);
        assertThat(closed).hasValue(1);
    }

    @Test
    void givenATakenAddress_whenAChannelIsBound_thenItCanBeBoundToAnother() throws IOException {
        try (DatagramChannel channel = open()) {
            beforeAnswer =
                    () -> {
                        throw new UncheckedIOException(new BindException("Address already in use"));
                    };
            assertThatThrownBy(() -> channel.bind(ANY_PORT)).isInstanceOf(BindException.class);
            beforeAnswer = () -> {};

            channel.bind(ANY_PORT);

            assertThat(channel.getLocalAddress()).isNotNull();
        }
    }

    @Test
    void givenABoundChannel_whenTheWorkerRetires_thenItIsOpenAndSilent() throws IOException {
        try (DatagramChannel channel = open();
                DatagramChannel late = open();
                Selector selector = provider.openSelector()) {
            channel.bind(ANY_PORT);
            channel.configureBlocking(false);
            channel.register(selector, SelectionKey.OP_READ);
            selector.selectNow();

            assertThat(servers.retire()).isCompleted();

            assertThat(closed).hasValue(1);
            assertThat(channel.isOpen()).isTrue();
            send("lost", channel);
            assertThat(selector.select(50)).isZero();
            assertThatThrownBy(() -> late.bind(ANY_PORT)).isInstanceOf(SocketException.class);
        }
        assertThat(closed).as("of the late one too").hasValue(2);
    }

    @Test
    void givenASocketThatOthersHaveToo_whenTheWorkerRetires_thenItsSelectorsHearNothingOfIt()
            throws IOException {
        try (DatagramChannel channel = open();
                Selector selector = provider.openSelector()) {
            keepsTheSocket = true;
            channel.bind(ANY_PORT);
            channel.configureBlocking(false);
            SelectionKey key = channel.register(selector, SelectionKey.OP_READ);
            selector.selectNow();

            assertThat(servers.retire()).isCompleted();
            send("for the others", channel);
            Polled.awaitReadable(kept.number());

            assertThat(selector.select(50)).isZero();
            assertThat(key.isReadable()).isFalse();
        } finally {
            kept.close();
        }
    }

    /** SPEC E2. */
    @Test
    void givenNoDescriptorLeft_whenTheWorkerRetires_thenItsChannelsAreSilentAllTheSame()
            throws IOException {
        try (DescriptorLimit limit = new DescriptorLimit();
                DatagramChannel channel = open();
                DatagramChannel second = open()) {
            channel.bind(ANY_PORT);
            second.bind(ANY_PORT);
            channel.configureBlocking(false);
            SocketAddress shared = channel.getLocalAddress();

            limit.leave(0);
            CompletableFuture<Void> retired = servers.retire();
            limit.restore();

            assertThat(retired).isCompleted();
            assertThat(closed).hasValue(2);
            send("lost", channel);
            assertThat(receive(channel)).isEqualTo(-1);
            assertThat(channel.getLocalAddress()).isEqualTo(shared);
        }
        assertThat(closed).hasValue(2);
    }

    @Test
    void givenChannelsThatCannotBeSilenced_whenTheWorkerRetires_thenThePrimaryIsToldOfEach()
            throws IOException {
        try (DescriptorLimit limit = new DescriptorLimit();
                Logged logged = Logged.by(OpenServers.class);
                DatagramChannel channel = open();
                DatagramChannel second = open()) {
            channel.bind(ANY_PORT);
            second.bind(ANY_PORT);

            // Below the numbers that are open: these cannot be replaced either.
            limit.leaveNone();
            CompletableFuture<Void> retired = servers.retire();
            limit.restore();

            assertThat(retired).isCompleted();
            assertThat(closed).hasValue(2);
            assertThat(logged.faults()).hasSize(2).allMatch(IOException.class::isInstance);
        }
        assertThat(closed).hasValue(2);
    }

    /** A port that nobody has at this moment. */
    private static InetSocketAddress freePort() throws IOException {
        try (DatagramSocket probe = new DatagramSocket(ANY_PORT)) {
            return (InetSocketAddress) probe.getLocalSocketAddress();
        }
    }

    private DatagramSocket openSocket() throws IOException {
        return provider.openDatagramSocketChannel().socket();
    }

    @Test
    void givenASocket_whenItIsBoundToAPort_thenItSharesItUntilItIsClosed() throws Exception {
        InetSocketAddress port = freePort();
        try (DatagramSocket socket = openSocket();
                DatagramSocket client = new DatagramSocket()) {
            socket.bind(port);
            assertThat(asked).hasValue(1);
            assertThat(socket.getLocalPort()).isEqualTo(port.getPort());
            client.send(new DatagramPacket(new byte[3], 3, port));
            DatagramPacket received = new DatagramPacket(new byte[9], 9);
            socket.receive(received);
            assertThat(received.getLength()).isEqualTo(3);
            assertThat(received.getPort()).isEqualTo(client.getLocalPort());

            socket.setSoTimeout(1);
            assertThatThrownBy(() -> socket.receive(received))
                    .isInstanceOf(SocketTimeoutException.class)
                    .hasMessage("Receive timed out");
            assertThat(closed).hasValue(0);
        }
        assertThat(closed).hasValue(1);
    }

    @Test
    void givenASocket_whenItNamesNoPort_thenNobodyIsAsked() throws IOException {
        try (DatagramSocket zero = openSocket();
                DatagramSocket chosen = openSocket();
                DatagramSocket sends = openSocket()) {
            zero.bind(ANY_PORT);
            chosen.bind(null);
            sends.send(new DatagramPacket(new byte[1], 1, zero.getLocalSocketAddress()));
            assertThat(sends.isBound()).isTrue();
        }
        assertThat(asked).hasValue(0);
        assertThat(closed).hasValue(0);
    }

    @ParameterizedTest
    @EnumSource(Accepting.Kind.class)
    @SuppressWarnings("try") // closes early what it would close anyway
    void givenAReceivingSocket_whenItIsClosed_thenReceiveEndsAsTheJdksDoes(Accepting.Kind thread)
            throws Exception {
        try (DatagramSocket socket = openSocket()) {
            socket.bind(freePort());
            Accepting receiving = receivingOn(thread, socket);
            receiving.awaitBlocked();

            socket.close();

            assertThat(receiving.failure())
                    .isExactlyInstanceOf(SocketException.class)
                    .hasMessage("Socket closed");
        }
    }

    @Test
    void givenAReceivingSocket_whenItsThreadIsInterrupted_thenItIsAsTheJdkHasIt() throws Exception {
        try (DatagramSocket socket = openSocket();
                DatagramSocket client = new DatagramSocket()) {
            socket.bind(freePort());
            Accepting platform = receivingOn(Accepting.Kind.PLATFORM, socket);
            platform.awaitBlocked();
            platform.thread().interrupt();
            client.send(new DatagramPacket(new byte[3], 3, socket.getLocalSocketAddress()));
            assertThat(platform.result()).isEqualTo(3);

            Accepting virtual = receivingOn(Accepting.Kind.VIRTUAL, socket);
            virtual.awaitBlocked();
            virtual.thread().interrupt();
            assertThat(virtual.failure())
                    .isExactlyInstanceOf(SocketException.class)
                    .hasMessage("Closed by interrupt");
            assertThat(socket.isClosed()).isTrue();
        }
    }

    private static Accepting receivingOn(Accepting.Kind thread, DatagramSocket socket) {
        return Accepting.on(
                thread,
                () -> {
                    DatagramPacket packet = new DatagramPacket(new byte[9], 9);
                    socket.receive(packet);
                    return packet.getLength();
                });
    }

    @Test
    void givenABoundSocket_whenTheWorkerRetires_thenItIsOpenAndSilent() throws Exception {
        try (DatagramSocket socket = openSocket();
                DatagramSocket client = new DatagramSocket()) {
            socket.bind(freePort());

            assertThat(servers.retire()).isCompleted();

            assertThat(closed).hasValue(1);
            client.send(new DatagramPacket(new byte[3], 3, socket.getLocalSocketAddress()));
            socket.setSoTimeout(50);
            assertThatThrownBy(() -> socket.receive(new DatagramPacket(new byte[9], 9)))
                    .isInstanceOf(SocketTimeoutException.class);
        }
    }
}
