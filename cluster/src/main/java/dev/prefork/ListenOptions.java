package dev.prefork;

import dev.prefork.net.BindMode;
import dev.prefork.net.ClusterSelectorProvider;
import dev.prefork.net.DescriptorAddress;
import dev.prefork.net.JdkOptions;

import java.io.IOException;
import java.net.Inet4Address;
import java.net.InetSocketAddress;
import java.net.ProtocolFamily;
import java.net.SocketAddress;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.DatagramChannel;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.spi.SelectorProvider;
import java.nio.file.Path;
import java.util.Objects;

/**
 * What a server listens on, for what a bind of the JDK cannot say: the options of Node's
 * server.listen and of its datagram sockets. Cannot be changed; each method returns other options.
 *
 * <pre>{@code
 * Cluster.listen(ListenOptions.port(8000).exclusive());
 * Cluster.listen(ListenOptions.port(8000).host("::").ipv6Only().backlog(1024));
 * Cluster.listen(ListenOptions.path(Path.of("app.sock")).writableAll());
 * Cluster.listen(ListenOptions.fd(7));
 * }</pre>
 *
 * <p>Outside a worker the JVM needs {@code --add-exports java.base/sun.nio.ch=ALL-UNNAMED
 * --add-opens java.base/sun.nio.ch=ALL-UNNAMED}; without them an IllegalStateException says so.
 */
public final class ListenOptions {
    private static final int NODES_BACKLOG = 511;

    private final SocketAddress address;
    private final int backlog;
    private final boolean reuseAddress;
    private final BindMode mode;

    /** Whether 0.0.0.0 was asked for: the JDK's wildcard of IPv4 means both families otherwise. */
    private final boolean ipv4Only;

    private ListenOptions(
            SocketAddress address,
            int backlog,
            boolean reuseAddress,
            BindMode mode,
            boolean ipv4Only) {
        this.ipv4Only = ipv4Only;
        this.address = address;
        this.backlog = backlog;
        this.reuseAddress = reuseAddress;
        this.mode = mode;
    }

    private static ListenOptions of(SocketAddress address) {
        return new ListenOptions(address, NODES_BACKLOG, false, BindMode.USUAL, false);
    }

    /** A port on all addresses; 0: one that is free, the same for each worker. */
    public static ListenOptions port(int port) {
        return of(new InetSocketAddress(port));
    }

    /** A Unix socket; a relative path means the directory of this process, the worker. */
    public static ListenOptions path(Path path) {
        return of(UnixDomainSocketAddress.of(Objects.requireNonNull(path, "path is null")));
    }

    /**
     * A bound socket that the primary has under this number; outside a worker, and if {@link
     * #exclusive}, one that this process has. The number itself stays open when the server closes.
     */
    public static ListenOptions fd(int number) {
        return of(new DescriptorAddress(number));
    }

    /**
     * The port on this address only; {@code 0.0.0.0} is all of IPv4, as Node's, and {@code ::} both
     * families.
     *
     * @param host a literal, or a name, which is looked up now
     * @throws IllegalArgumentException when the name is not found
     */
    public ListenOptions host(String host) {
        Objects.requireNonNull(host, "host is null"); // to the JDK it is a loopback address
        InetSocketAddress resolved = new InetSocketAddress(host, requirePort("host").getPort());
        if (resolved.isUnresolved()) {
            throw new IllegalArgumentException("unknown host=" + host);
        }
        boolean allOfIpv4 =
                resolved.getAddress() instanceof Inet4Address inet && inet.isAnyLocalAddress();
        return new ListenOptions(resolved, backlog, reuseAddress, mode, allOfIpv4);
    }

    /** How many connections may wait to be accepted; Node's default is 511. */
    public ListenOptions backlog(int connections) {
        if (connections < 1) {
            throw new IllegalArgumentException("backlog=" + connections);
        }
        return new ListenOptions(address, connections, reuseAddress, mode, ipv4Only);
    }

    /**
     * This process alone has the socket: with port 0 a port of its own; a port that somebody has is
     * in use.
     */
    public ListenOptions exclusive() {
        return with(
                new BindMode(true, mode.ipv6Only(), mode.readableAll(), mode.writableAll(), false));
    }

    /** All IPv6 addresses, or the given one, take no IPv4. */
    public ListenOptions ipv6Only() {
        if (requirePort("ipv6Only").getAddress() instanceof Inet4Address inet
                && (ipv4Only || !inet.isAnyLocalAddress())) {
            throw new IllegalArgumentException("ipv6Only and address=" + inet.getHostAddress());
        }
        return with(
                new BindMode(
                        mode.exclusive(), true, mode.readableAll(), mode.writableAll(), false));
    }

    /** UDP: SO_REUSEADDR, with which an address that another socket has can be bound. */
    public ListenOptions reuseAddr() {
        requirePort("reuseAddr");
        return new ListenOptions(address, backlog, true, mode, ipv4Only);
    }

    /** All users may read the file of the Unix socket. */
    public ListenOptions readableAll() {
        requirePath("readableAll");
        return with(
                new BindMode(mode.exclusive(), mode.ipv6Only(), true, mode.writableAll(), false));
    }

    /** All users may write to the file of the Unix socket, and so connect. */
    public ListenOptions writableAll() {
        requirePath("writableAll");
        return with(
                new BindMode(mode.exclusive(), mode.ipv6Only(), mode.readableAll(), true, false));
    }

    private ListenOptions with(BindMode other) {
        return new ListenOptions(address, backlog, reuseAddress, other, ipv4Only);
    }

    private InetSocketAddress requirePort(String option) {
        if (address instanceof InetSocketAddress inet) {
            return inet;
        }
        throw new IllegalArgumentException(option + " is for ports, address=" + address);
    }

    private void requirePath(String option) {
        if (!(address instanceof UnixDomainSocketAddress)) {
            throw new IllegalArgumentException(option + " is for Unix sockets, address=" + address);
        }
    }

    /** The family of the socket that fits: all addresses means both families. */
    private ProtocolFamily family() {
        return switch (address) {
            case UnixDomainSocketAddress _ -> StandardProtocolFamily.UNIX;
            case InetSocketAddress inet
                    when inet.getAddress() instanceof Inet4Address host
                            && (ipv4Only || !host.isAnyLocalAddress()) ->
                    StandardProtocolFamily.INET;
            default -> StandardProtocolFamily.INET6;
        };
    }

    ServerSocketChannel listen() throws IOException {
        if (reuseAddress) {
            throw new IllegalArgumentException("reuseAddr is for UDP, address=" + address);
        }
        SelectorProvider provider = SelectorProvider.provider();
        if (!(provider instanceof ClusterSelectorProvider)
                && mode.equals(BindMode.USUAL)
                && !(address instanceof DescriptorAddress)) {
            // Nothing that the JDK could not do, and this JVM may have no options for us.
            ServerSocketChannel plain = provider.openServerSocketChannel(family());
            return plain.bind(address, backlog);
        }
        return clustered(provider).listen(family(), address, backlog, mode);
    }

    DatagramChannel bind() throws IOException {
        if (address instanceof UnixDomainSocketAddress) {
            throw new IllegalArgumentException(
                    "a datagram socket needs a port, address=" + address);
        }
        ProtocolFamily family =
                address instanceof DescriptorAddress ? StandardProtocolFamily.INET : family();
        return clustered(SelectorProvider.provider()).bind(family, address, reuseAddress, mode);
    }

    /**
     * A JVM that is no worker has its own provider.
     *
     * @throws IllegalStateException that names the options without which ours can do nothing in it
     */
    private static ClusterSelectorProvider clustered(SelectorProvider provider) {
        JdkOptions.require("such a listen");
        return provider instanceof ClusterSelectorProvider already
                ? already
                : new ClusterSelectorProvider();
    }

    @Override
    public String toString() {
        return address + " backlog=" + backlog + " " + mode;
    }
}
