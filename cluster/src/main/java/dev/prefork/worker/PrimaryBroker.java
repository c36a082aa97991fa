package dev.prefork.worker;

import dev.prefork.ipc.Frame;
import dev.prefork.ipc.ProtocolException;
import dev.prefork.net.ConnectionSource;
import dev.prefork.net.HandoffSource;
import dev.prefork.net.ListenBroker;
import dev.prefork.net.ListenRequest;
import dev.prefork.net.ListenerSource;
import dev.prefork.net.QueueSource;
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

/**
 * Asks the primary for the ports of this JVM's servers.
 *
 * <p>{@link #listen} is for the application's threads; the rest, and all state, belongs to the
 * loop's thread.
 */
final class PrimaryBroker implements ListenBroker {
    private final WorkerRuntime runtime;
    private final ListenIndexes indexes = new ListenIndexes();
    private final Map<String, QueueSource> queues = new HashMap<>();
    private final Set<CompletableFuture<ConnectionSource>> unanswered =
            Collections.newSetFromMap(new IdentityHashMap<>());
    private boolean refusing;

    PrimaryBroker(WorkerRuntime runtime) {
        this.runtime = runtime;
    }

    @Override
    public Optional<ConnectionSource> listen(ListenRequest request) throws IOException {
        CompletableFuture<ConnectionSource> answer = new CompletableFuture<>();
        try {
            runtime.loop().execute(() -> ask(request, answer));
            return Optional.of(answer.get());
        } catch (ExecutionException e) {
            throw rethrow(e.getCause());
        } catch (RejectedExecutionException disconnected) {
            throw leaving();
        } catch (InterruptedException e) {
            answer.cancel(false);
            Thread.currentThread().interrupt();
            throw new InterruptedIOException(
                    "interrupted while the primary was asked to listen on " + request.address());
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

    @SuppressWarnings("UndefinedEquals") // the set compares by identity
    private void ask(ListenRequest request, CompletableFuture<ConnectionSource> answer) {
        if (refusing) {
            answer.completeExceptionally(leaving());
            return;
        }
        unanswered.add(answer);
        ListenAddress address = ListenAddress.of(request);
        int index = indexes.take(address);
        Map<String, Object> query = new LinkedHashMap<>(address.fields());
        query.put("index", index);
        query.put("data", null);
        query.put("flags", 0);
        query.put("backlog", request.backlog());
        query.put("handoff", true);
        runtime.link()
                .ask(
                        "queryServer",
                        query,
                        null,
                        (frame, handle) -> {
                            unanswered.remove(answer);
                            Listen listen = new Listen(address, index, request.backlog(), query);
                            try {
                                answered(listen, frame, handle, answer);
                            } catch (IOException | RuntimeException e) {
                                handle.ifPresent(Fd::close);
                                indexes.free(address, index);
                                answer.completeExceptionally(e);
                            }
                        });
    }

    /** One listen of this worker that the primary granted. */
    private record Listen(
            ListenAddress address, int index, int backlog, Map<String, Object> query) {}

    private void answered(
            Listen listen,
            Frame frame,
            Optional<Fd> handle,
            CompletableFuture<ConnectionSource> answer)
            throws IOException {
        int errno = frame.integer("errno").orElse(0);
        if (errno != 0) {
            throw failure(-errno);
        }
        String key =
                frame.text("key")
                        .orElseThrow(
                                () -> new ProtocolException("queryServer: the answer has no key"));
        Runnable onClose = () -> closed(listen, key);
        ConnectionSource source;
        if (handle.isEmpty()) {
            QueueSource queue = new QueueSource(boundTo(listen, frame), onClose);
            queues.put(key, queue);
            source = queue;
        } else if (frame.isTrue("handoff")) {
            source = new HandoffSource(handle.get(), boundTo(listen, frame), onClose);
        } else {
            source = sharedSource(listen, key, handle.get(), onClose);
        }
        if (answer.complete(source)) {
            listening(listen, source.localAddress());
        } else {
            source.close();
        }
    }

    /** A listening socket that this worker shares with others; with a Node primary only bound. */
    private ConnectionSource sharedSource(Listen listen, String key, Fd socket, Runnable onClose)
            throws IOException {
        try {
            SocketAddress bound = Sockets.localAddress(socket.number());
            // libuv keeps the failure of a bind for listen(), which is the worker's to call: a port
            // that is taken shows as another one here.
            if (bound instanceof InetSocketAddress inet
                    && listen.address().port() > 0
                    && inet.getPort() != listen.address().port()) {
                throw new PosixException("bind", bound.toString(), Errno.EADDRINUSE);
            }
            Descriptors.setNonBlocking(socket.number(), true);
            Sockets.listen(socket.number(), listen.backlog());
            return ListenerSource.owning(socket, bound, onClose);
        } catch (PosixException e) {
            // Else the next try would be given the same dead socket.
            runtime.link().act("close", Map.of("key", key));
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
    private void closed(Listen listen, String key) {
        try {
            runtime.loop()
                    .execute(
                            () -> {
                                queues.remove(key);
                                indexes.free(listen.address(), listen.index());
                                runtime.link().act("close", Map.of("key", key));
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
