package dev.prefork.worker;

import dev.prefork.PortRules;
import dev.prefork.ipc.Frame;
import dev.prefork.ipc.ProtocolException;
import dev.prefork.net.ConnectionSource;
import dev.prefork.net.DatagramRequest;
import dev.prefork.net.HandoffSource;
import dev.prefork.net.ListenBroker;
import dev.prefork.net.ListenRequest;
import dev.prefork.net.ListenerSource;
import dev.prefork.net.QueueSource;
import dev.prefork.net.SharedDatagrams;
import dev.prefork.posix.Descriptors;
import dev.prefork.posix.Errno;
import dev.prefork.posix.Fd;
import dev.prefork.posix.PosixException;
import dev.prefork.posix.Sockets;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.BindException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.SocketException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.util.Collections;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Consumer;

/**
 * Asks the primary for the ports of this JVM's servers.
 *
 * <p>{@link #listen} and {@link #bind} are for the application's threads; the rest, and all state,
 * belongs to the loop's thread.
 */
final class PrimaryBroker implements ListenBroker {
    // Of libuv, in the flags of queryServer: UV_TCP_IPV6ONLY and UV_UDP_IPV6ONLY are the same.
    private static final int UV_IPV6ONLY = 1;
    private static final int UV_UDP_REUSEADDR = 4;

    private final WorkerRuntime runtime;
    private final OwnPorts ownPorts;
    private final ListenIndexes indexes = new ListenIndexes();
    private final Map<String, QueueSource> queues = new HashMap<>();
    private final Set<CompletableFuture<?>> unanswered =
            Collections.newSetFromMap(new IdentityHashMap<>());
    private boolean refusing;

    PrimaryBroker(WorkerRuntime runtime, OwnPorts ownPorts) {
        this.runtime = runtime;
        this.ownPorts = ownPorts;
    }

    @Override
    public Optional<ConnectionSource> listen(ListenRequest request) throws IOException {
        ListenAddress address = ListenAddress.of(request);
        if (request.mode().exclusive() || isOwn(request.address())) {
            return Optional.empty();
        }
        Map<String, Object> wishes = new LinkedHashMap<>();
        wishes.put("flags", request.mode().ipv6Only() ? UV_IPV6ONLY : 0);
        wishes.put("backlog", request.backlog());
        if (request.mode().readableAll()) {
            wishes.put("readableAll", true);
        }
        if (request.mode().writableAll()) {
            wishes.put("writableAll", true);
        }
        wishes.put("handoff", true);
        return Optional.of(
                await(
                        address,
                        (CompletableFuture<ConnectionSource> answer) ->
                                ask(
                                        address,
                                        wishes,
                                        answer,
                                        (listen, frame, handle) ->
                                                connections(
                                                        listen,
                                                        request.backlog(),
                                                        frame,
                                                        handle,
                                                        answer))));
    }

    @Override
    public Optional<SharedDatagrams> bind(DatagramRequest request) throws IOException {
        ListenAddress address = ListenAddress.of(request);
        if (request.mode().exclusive()) {
            return Optional.empty();
        } else if (isOwn(request.address())) {
            return ownAddress(request.address()).equals(request.address())
                    ? Optional.empty()
                    : Optional.of(ownDatagrams(request));
        }
        int flags =
                (request.mode().ipv6Only() ? UV_IPV6ONLY : 0)
                        | (request.reuseAddress() ? UV_UDP_REUSEADDR : 0);
        return Optional.of(
                await(
                        address,
                        (CompletableFuture<SharedDatagrams> answer) ->
                                ask(
                                        address,
                                        Map.of("flags", flags),
                                        answer,
                                        (listen, frame, handle) ->
                                                datagrams(listen, frame, handle, answer))));
    }

    private boolean isOwn(SocketAddress address) {
        return address instanceof InetSocketAddress inet
                && ownPorts.treatmentOf(inet) != PortRules.Treatment.SHARED;
    }

    @Override
    public SocketAddress ownAddress(SocketAddress asked) {
        return asked instanceof InetSocketAddress inet ? ownPorts.ownAddress(inet) : asked;
    }

    /** The JDK's own bind would take the port that was asked for. */
    private SharedDatagrams ownDatagrams(DatagramRequest request) throws SocketException {
        try {
            Fd socket = Sockets.open(request.family(), Sockets.Type.DATAGRAM);
            boolean bound = false;
            try {
                if (request.family() == StandardProtocolFamily.INET6) {
                    Sockets.setOption(socket.number(), Sockets.Option.IPV6_ONLY, 0);
                }
                Descriptors.setNonBlocking(socket.number(), true);
                Sockets.bind(socket.number(), ownAddress(request.address()));
                bound = true;
            } finally {
                if (!bound) {
                    socket.close();
                }
            }
            return new SharedDatagrams(socket, () -> {});
        } catch (PosixException e) {
            throw failure(e.errno());
        }
    }

    private <T> T await(ListenAddress address, Consumer<CompletableFuture<T>> question)
            throws IOException {
        CompletableFuture<T> answer = new CompletableFuture<>();
        try {
            runtime.loop().execute(() -> question.accept(answer));
            return answer.get();
        } catch (ExecutionException e) {
            throw rethrow(e.getCause());
        } catch (RejectedExecutionException disconnected) {
            throw leaving();
        } catch (InterruptedException e) {
            answer.cancel(false);
            Thread.currentThread().interrupt();
            throw new InterruptedIOException(
                    "interrupted while the primary was asked to listen on " + address);
        }
    }

    private static IOException rethrow(Throwable cause) {
        // Made anew, so that the stack trace is that of the application's bind.
        return switch (cause) {
            case BindException e -> new BindException(e.getMessage());
            case SocketException e -> new SocketException(e.getMessage());
            default -> new IOException(cause.getMessage(), cause);
        };
    }

    /** What is done with a granted listen. */
    private interface Grant {
        void received(Listen listen, Frame frame, Optional<Fd> handle) throws IOException;
    }

    /** One listen of this worker that the primary granted. */
    private record Listen(
            ListenAddress address, int index, Map<String, Object> query, String key) {}

    @SuppressWarnings("UndefinedEquals") // the set compares by identity
    private void ask(
            ListenAddress address,
            Map<String, Object> wishes,
            CompletableFuture<?> answer,
            Grant grant) {
        if (refusing) {
            answer.completeExceptionally(leaving());
            return;
        }
        unanswered.add(answer);
        int index = indexes.take(address);
        Map<String, Object> query = new LinkedHashMap<>(address.fields());
        query.put("index", index);
        query.put("data", null);
        query.putAll(wishes);
        runtime.link()
                .ask(
                        "queryServer",
                        query,
                        null,
                        (frame, handle) -> {
                            unanswered.remove(answer);
                            try {
                                int errno = frame.integer("errno").orElse(0);
                                if (errno != 0) {
                                    throw failure(-errno);
                                }
                                Listen listen = new Listen(address, index, query, key(frame));
                                grant.received(listen, frame, handle);
                            } catch (IOException | RuntimeException e) {
                                handle.ifPresent(Fd::close);
                                indexes.free(address, index);
                                answer.completeExceptionally(e);
                            }
                        });
    }

    private static String key(Frame frame) throws ProtocolException {
        return frame.text("key")
                .orElseThrow(() -> new ProtocolException("queryServer: the answer has no key"));
    }

    private void connections(
            Listen listen,
            int backlog,
            Frame frame,
            Optional<Fd> handle,
            CompletableFuture<ConnectionSource> answer)
            throws IOException {
        Runnable onClose = () -> closed(listen);
        ConnectionSource source;
        if (handle.isEmpty()) {
            QueueSource queue = new QueueSource(boundTo(listen, frame), onClose);
            queues.put(listen.key(), queue);
            source = queue;
        } else if (frame.isTrue("handoff")) {
            source = new HandoffSource(handle.get(), boundTo(listen, frame), onClose);
        } else {
            source = sharedSource(listen, backlog, handle.get(), onClose);
        }
        if (answer.complete(source)) {
            listening(listen, source.localAddress());
        } else {
            source.close();
        }
    }

    private void datagrams(
            Listen listen,
            Frame frame,
            Optional<Fd> handle,
            CompletableFuture<SharedDatagrams> answer)
            throws IOException {
        Fd socket =
                handle.orElseThrow(
                        () -> new ProtocolException("queryServer: no handle for " + frame));
        SocketAddress bound = Sockets.localAddress(socket.number());
        Descriptors.setNonBlocking(socket.number(), true);
        if (answer.complete(new SharedDatagrams(socket, () -> closed(listen)))) {
            listening(listen, bound);
        } else {
            socket.close();
            closed(listen);
        }
    }

    /** A listening socket that this worker shares with others; with a Node primary only bound. */
    private ConnectionSource sharedSource(Listen listen, int backlog, Fd socket, Runnable onClose)
            throws IOException {
        try {
            SocketAddress bound = Sockets.localAddress(socket.number());
            // libuv keeps the failure of a bind for listen(), which is the worker's to call: a port
            // that is taken shows as another one here.
            if (bound instanceof InetSocketAddress inet
                    && !listen.address().accepts(inet.getPort())) {
                throw new PosixException("bind", bound.toString(), Errno.EADDRINUSE);
            }
            Descriptors.setNonBlocking(socket.number(), true);
            Sockets.listen(socket.number(), backlog);
            return ListenerSource.owning(socket, bound, onClose);
        } catch (PosixException e) {
            // Else the next try would be given the same dead socket.
            runtime.link().act("close", Map.of("key", listen.key()));
            throw failure(e.errno());
        }
    }

    private static SocketAddress boundTo(Listen listen, Frame frame) throws ProtocolException {
        if (frame.fields().get("sockname") instanceof Map<?, ?> name
                && name.get("address") instanceof String address
                && name.get("port") instanceof Integer port) {
            return new InetSocketAddress(java.net.InetAddress.ofLiteral(address), port);
        }
        return listen.address()
                .unixPath()
                .map(UnixDomainSocketAddress::of)
                .orElseThrow(
                        () -> new ProtocolException("queryServer: the answer has no sockname"));
    }

    private void listening(Listen listen, SocketAddress bound) {
        Map<String, Object> fields = new LinkedHashMap<>(listen.query());
        if (bound instanceof InetSocketAddress inet) {
            fields.put("port", inet.getPort());
        }
        runtime.link().act("listening", fields);
    }

    /** Any thread: the application closed its server, or the worker leaves. */
    private void closed(Listen listen) {
        try {
            runtime.loop()
                    .execute(
                            () -> {
                                queues.remove(listen.key());
                                indexes.free(listen.address(), listen.index());
                                runtime.link().act("close", Map.of("key", listen.key()));
                            });
        } catch (RejectedExecutionException disconnected) {
            // The primary has closed it with the channel.
        }
    }

    /** A connection that came through the channel. */
    void connection(Frame newconn, Fd connection) throws IOException {
        // libuv's sockets are non-blocking; the JDK takes a new connection to be blocking.
        Descriptors.setNonBlocking(connection.number(), false);
        QueueSource queue = newconn.text("key").map(queues::get).orElse(null);
        if (queue == null) {
            connection.close();
            accepted(newconn, false);
        } else {
            queue.offer(connection, taken -> answer(newconn, taken));
        }
    }

    private void answer(Frame newconn, boolean taken) {
        if (runtime.loop().inLoop()) {
            accepted(newconn, taken);
            return;
        }
        try {
            runtime.loop().execute(() -> accepted(newconn, taken));
        } catch (RejectedExecutionException disconnected) {
            // Not acknowledged: the primary gives its copy to another worker.
        }
    }

    private void accepted(Frame newconn, boolean taken) {
        runtime.link().answer(newconn, Map.of("accepted", taken), null);
    }

    /** From now on every listen fails: the worker leaves. */
    void refuse() {
        refusing = true;
        unanswered.forEach(answer -> answer.completeExceptionally(leaving()));
        unanswered.clear();
    }

    private static SocketException leaving() {
        return new SocketException("cannot listen: the worker is disconnecting");
    }

    private static SocketException failure(int errno) {
        // Which of them are BindExceptions: the JDK's own choice, in libnio's Net.c.
        return switch (errno) {
            case Errno.EADDRINUSE, Errno.EADDRNOTAVAIL, Errno.EACCES, Errno.EPERM ->
                    new BindException(Errno.text(errno));
            default -> new SocketException(Errno.text(errno));
        };
    }
}
