package dev.prefork.net;

import dev.prefork.posix.Descriptors;
import dev.prefork.posix.Fd;
import dev.prefork.posix.PosixException;
import dev.prefork.posix.Sockets;

import sun.nio.ch.Net;
import sun.nio.ch.SelChImpl;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.Inet4Address;
import java.net.InetSocketAddress;
import java.net.ProtocolFamily;
import java.net.SocketAddress;
import java.net.SocketException;
import java.net.StandardProtocolFamily;
import java.net.StandardSocketOptions;
import java.nio.channels.DatagramChannel;
import java.nio.channels.UnsupportedAddressTypeException;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.IntConsumer;

/**
 * What one datagram channel asks when it is bound. Its socket is shared with the other workers,
 * which take datagrams from it as they come.
 *
 * <p>Not shared are binds whose address the JDK chooses: the implicit ones of send, receive and
 * connect, and bind(null), which is what clients do. A java.net.DatagramSocket that is made without
 * an address binds port 0 explicitly, and so those with port 0 are not shared either; nor is a
 * {@link java.net.MulticastSocket}, which is told by its SO_REUSEADDR: each process joins its
 * groups and gets every datagram. Nor are sockets with SO_REUSEPORT, which the kernel shares by
 * itself.
 */
final class DatagramSharing implements OpenServers.Server {
    private final ClusterSelectorProvider provider;
    private final StandardProtocolFamily family;
    private final BindMode mode;
    private final boolean ofSocket;

    /** What the broker is to be told at the end. */
    private final AtomicReference<Runnable> onClose =
            new AtomicReference<>(DatagramSharing::notShared);

    /** What is to take the place of the shared socket at the end: leaving needs no descriptor. */
    private final AtomicReference<Fd> nobody = new AtomicReference<>();

    /** Set before anybody else has the channel. */
    private DatagramChannel channel;

    /** There before the bind: a socket that has a number instead of an address. */
    private SharedDatagrams given;

    private DatagramSharing(
            ClusterSelectorProvider provider,
            StandardProtocolFamily family,
            BindMode mode,
            boolean ofSocket) {
        this.provider = provider;
        this.family = family;
        this.mode = mode;
        this.ofSocket = ofSocket;
    }

    /** An unbound channel. */
    static DatagramChannel open(
            ClusterSelectorProvider provider, ProtocolFamily family, BindMode mode)
            throws IOException {
        return sharing(provider, family, mode, false).channel;
    }

    /** An unbound channel for a java.net.DatagramSocket, which an interrupt does not close. */
    static DatagramChannel openForSocket(ClusterSelectorProvider provider, ProtocolFamily family)
            throws IOException {
        return sharing(provider, family, BindMode.USUAL, true).channel;
    }

    private static DatagramSharing sharing(
            ClusterSelectorProvider provider,
            ProtocolFamily family,
            BindMode mode,
            boolean ofSocket)
            throws IOException {
        if (!(family instanceof StandardProtocolFamily standard)) {
            throw new UnsupportedOperationException("Protocol family not supported");
        }
        DatagramSharing sharing = new DatagramSharing(provider, standard, mode, ofSocket);
        sharing.channel =
                JdkChannels.datagram(provider, family, !ofSocket, sharing::share, sharing::closed);
        return sharing;
    }

    /** As {@link ClusterSelectorProvider#bind}. */
    static DatagramChannel bound(
            ClusterSelectorProvider provider,
            ProtocolFamily family,
            SocketAddress local,
            boolean reuseAddress,
            BindMode mode)
            throws IOException {
        if (local instanceof DescriptorAddress descriptor) {
            return bound(provider, descriptor, mode);
        }
        DatagramChannel channel = open(provider, family, mode);
        boolean bound = false;
        try {
            if (reuseAddress) {
                var _ = channel.setOption(StandardSocketOptions.SO_REUSEADDR, true);
            }
            if (mode.ipv6Only()) {
                int socket = ((SelChImpl) channel).getFDVal();
                Sockets.setOption(socket, Sockets.Option.IPV6_ONLY, 1);
            }
            var _ = channel.bind(local);
            bound = true;
        } finally {
            if (!bound) {
                channel.close();
            }
        }
        return channel;
    }

    /** The socket decides which family the channel has, so it comes first. */
    private static DatagramChannel bound(
            ClusterSelectorProvider provider, DescriptorAddress descriptor, BindMode mode)
            throws IOException {
        Optional<ListenBroker> broker = mode.exclusive() ? Optional.empty() : provider.broker();
        Optional<SharedDatagrams> shared = Optional.empty();
        if (broker.isPresent()) {
            shared =
                    broker.get()
                            .bind(
                                    new DatagramRequest(
                                            descriptor, StandardProtocolFamily.INET, false, mode));
        }
        SharedDatagrams given = shared.isPresent() ? shared.get() : own(descriptor);
        DatagramSharing sharing = null;
        try {
            StandardProtocolFamily family = Sockets.family(given.socket().number());
            if (Sockets.type(given.socket().number()) != Sockets.Type.DATAGRAM) {
                throw new SocketException(descriptor + " is no datagram socket");
            }
            sharing = sharing(provider, family, mode, false);
        } finally {
            if (sharing == null) {
                given.socket().close();
                given.onClose().run();
            }
        }
        sharing.given = given;
        DatagramChannel channel = sharing.channel;
        boolean bound = false;
        try {
            var _ = channel.bind(null);
            bound = true;
        } finally {
            if (!bound) {
                channel.close();
            }
        }
        return channel;
    }

    /** One of this process, where there is nobody to ask or nobody is to be asked. */
    private static SharedDatagrams own(DescriptorAddress descriptor) throws IOException {
        try {
            // First what may fail: the flag is the same for each copy.
            Descriptors.setNonBlocking(descriptor.number(), true);
            Fd copy = Descriptors.copy(descriptor.number());
            return new SharedDatagrams(copy, DatagramSharing::notShared);
        } catch (PosixException e) {
            throw new SocketException(e.getMessage());
        }
    }

    /** The channel asks: see JdkChannels.datagram. */
    private IntConsumer share(SocketAddress local) {
        try {
            return ask(local).map(this::placing).orElse(null);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Optional<SharedDatagrams> ask(SocketAddress local) throws IOException {
        if (given != null) {
            return Optional.of(given);
        }
        if (local == null
                || mode.exclusive()
                || channel.getOption(StandardSocketOptions.SO_REUSEPORT)) {
            return Optional.empty();
        }
        InetSocketAddress address = checked(local);
        boolean reuse = channel.getOption(StandardSocketOptions.SO_REUSEADDR);
        if (ofSocket && (address.getPort() == 0 || reuse)) {
            return Optional.empty();
        }
        Optional<ListenBroker> broker = provider.broker();
        if (broker.isEmpty()) {
            return Optional.empty();
        }
        return broker.get().bind(new DatagramRequest(address, family, reuse, mode));
    }

    private InetSocketAddress checked(SocketAddress local) {
        InetSocketAddress address = Net.checkAddress(local);
        if (family == StandardProtocolFamily.INET
                && !(address.getAddress() instanceof Inet4Address)) {
            throw new UnsupportedAddressTypeException();
        }
        return address;
    }

    private IntConsumer placing(SharedDatagrams shared) {
        return target -> place(shared, target);
    }

    private void place(SharedDatagrams shared, int target) {
        boolean placed = false;
        onClose.set(shared.onClose());
        try (Fd socket = shared.socket()) {
            if (target < 0) {
                return;
            }
            // In the channel's lock, which fallSilent takes.
            provider.servers().add(this);
            nobody.set(Sockets.open(family, Sockets.Type.DATAGRAM));
            Descriptors.replace(target, socket.number());
            placed = true;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } finally {
            if (!placed) {
                closed();
            }
        }
    }

    /** The worker leaves: the channel stays open, on a socket that nobody sends to. */
    @Override
    public void fallSilent() throws IOException {
        try {
            JdkChannels.replaceSocket(channel, this::silence);
        } catch (UncheckedIOException e) {
            throw e.getCause();
        } finally {
            closed();
        }
    }

    private void silence(int target) {
        Fd silent = nobody.getAndSet(null);
        if (silent == null) {
            return; // It is so already.
        }
        try (silent) {
            if (target >= 0) {
                Descriptors.replace(target, silent.number());
            }
        } catch (PosixException e) {
            throw new UncheckedIOException("cannot leave a shared datagram socket", e);
        }
    }

    private void closed() {
        provider.servers().remove(this);
        Fd unused = nobody.getAndSet(null);
        if (unused != null) {
            unused.close();
        }
        onClose.getAndSet(DatagramSharing::notShared).run();
    }

    private static void notShared() {}
}
