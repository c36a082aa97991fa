package dev.prefork.worker;

import dev.prefork.loop.EventLoop;
import dev.prefork.net.ConnectionSource;
import dev.prefork.net.DatagramRequest;
import dev.prefork.net.ListenBroker;
import dev.prefork.net.ListenRequest;
import dev.prefork.net.OpenServers;
import dev.prefork.net.OwnSource;
import dev.prefork.net.QueueSource;
import dev.prefork.net.SharedDatagrams;
import dev.prefork.net.WorkerLeavingException;
import dev.prefork.posix.Descriptors;
import dev.prefork.posix.Fd;
import dev.prefork.wire.Accepted;
import dev.prefork.wire.Close;
import dev.prefork.wire.ClusterLink;
import dev.prefork.wire.ClusterLink.Asked;
import dev.prefork.wire.Grant;
import dev.prefork.wire.ListenAddress;
import dev.prefork.wire.NewConnection;
import dev.prefork.wire.QueryServer;
import dev.prefork.wire.QueryServer.Wishes;
import dev.prefork.worker.Listens.Wanted;

import java.io.IOException;
import java.net.SocketAddress;
import java.time.Duration;
import java.util.Collections;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * Asks the primary for the ports of this JVM's servers.
 *
 * <p>{@link #listen} and {@link #bind} are for the application's threads; the rest, and all state,
 * belongs to the loop's thread.
 */
final class PrimaryBroker implements ListenBroker {
    /** A primary that is stopped answers when it goes on; a server's start cannot wait for ever. */
    static final Duration ANSWER_MAY_TAKE = Duration.ofSeconds(30);

    private final EventLoop loop;
    private final Supplier<ClusterLink> link;
    private final Listens listens;
    private final Duration answerMayTake;
    private final Soon soon;
    private final ListenIndexes indexes = new ListenIndexes();
    private final Map<String, QueueSource> queues = new HashMap<>();
    private final Set<CompletableFuture<?>> unanswered =
            Collections.newSetFromMap(new IdentityHashMap<>());
    private boolean refusing;
    private volatile boolean leaving;

    /**
     * Asks over this link.
     *
     * @param link to be had as soon as the loop runs
     * @param listens which it is asked for
     * @param answerMayTake how long a server waits for the primary
     */
    PrimaryBroker(
            EventLoop loop, Supplier<ClusterLink> link, Listens listens, Duration answerMayTake) {
        this.loop = loop;
        this.soon = new Soon(loop);
        this.link = link;
        this.listens = listens;
        this.answerMayTake = answerMayTake;
    }

    @Override
    public Optional<ConnectionSource> listen(ListenRequest request) throws IOException {
        Optional<Wanted> wanted = listens.of(request);
        if (wanted.isEmpty()) {
            return Optional.empty();
        }
        Wishes wishes =
                new Wishes(
                        request.mode().ipv6Only(),
                        request.mode().reusePort(),
                        request.backlog(),
                        request.mode().readableAll(),
                        request.mode().writableAll());
        return Optional.of(
                await(
                        wanted.get(),
                        (CompletableFuture<ConnectionSource> answer) ->
                                ask(
                                        wanted.get(),
                                        wishes,
                                        true,
                                        answer,
                                        (listen, handle) -> connections(listen, handle, answer)),
                        ConnectionSource::close));
    }

    @Override
    public Optional<SharedDatagrams> bind(DatagramRequest request) throws IOException {
        Optional<Wanted> wanted = listens.of(request);
        if (wanted.isEmpty()) {
            return OwnDatagrams.unlessAsAsked(request, ownAddress(request.address()));
        }
        Wishes wishes =
                new Wishes(request.mode().ipv6Only(), request.reuseAddress(), 0, false, false);
        return Optional.of(
                await(
                        wanted.get(),
                        (CompletableFuture<SharedDatagrams> answer) ->
                                ask(
                                        wanted.get(),
                                        wishes,
                                        false,
                                        answer,
                                        (listen, handle) -> datagrams(listen, handle, answer)),
                        PrimaryBroker::close));
    }

    @Override
    public SocketAddress ownAddress(SocketAddress asked) {
        return listens.ownAddress(asked);
    }

    // Asking.

    private <T> T await(
            Wanted wanted,
            Consumer<CompletableFuture<T>> question,
            AwaitedAnswer.Closing<T> closing)
            throws IOException {
        OpenServers.ofThisProcess().checkNotRetiring();
        try {
            return new AwaitedAnswer<>(wanted.address(), answerMayTake, closing)
                    .of(answer -> loop.execute(() -> question.accept(answer)));
        } catch (WorkerLeavingException tooLate) {
            throw OpenServers.ofThisProcess().refusal();
        }
    }

    /** What is done with a granted listen. */
    private interface Granted {
        void received(GrantedListen listen, Optional<Fd> handle) throws IOException;
    }

    @SuppressWarnings("UndefinedEquals") // the set compares by identity
    private void ask(
            Wanted wanted,
            Wishes wishes,
            boolean handoff,
            CompletableFuture<?> answer,
            Granted granted) {
        if (refusing) {
            answer.completeExceptionally(BindFailures.leaving());
            return;
        }
        unanswered.add(answer);
        ListenAddress address = wanted.address();
        int index = indexes.take(address);
        QueryServer query = new QueryServer(address, index, wishes, null, handoff, wanted.own());
        link.get()
                .ask(
                        query,
                        (grant, handle) -> {
                            unanswered.remove(answer);
                            try {
                                if (grant.errno() != 0) {
                                    throw BindFailures.of(grant.errno());
                                }
                                granted.received(new GrantedListen(query, grant), handle);
                            } catch (IOException | RuntimeException e) {
                                handle.ifPresent(Fd::close);
                                indexes.free(address, index);
                                giveBack(grant);
                                answer.completeExceptionally(e);
                            }
                        });
    }

    /**
     * What could not be used: else the primary sent it connections, or the same dead socket. Where
     * the slot's own socket did not arrive, for want of a descriptor, it is kept for the successor.
     */
    private void giveBack(Grant grant) {
        if (grant.errno() == 0) {
            link.get().tell(new Close(grant.key(), grant.way() == Grant.Way.STEERED));
        }
    }

    // Granted.

    private void connections(
            GrantedListen listen, Optional<Fd> handle, CompletableFuture<ConnectionSource> answer)
            throws IOException {
        ConnectionSource source = source(listen, handle);
        boolean own = listen.query().own();
        if (!answer.complete(own ? new OwnSource(source) : source)) {
            source.close();
        } else if (!own) {
            link.get().tell(listen.listening(source.localAddress()));
        }
    }

    private ConnectionSource source(GrantedListen listen, Optional<Fd> handle) throws IOException {
        Runnable onClose = () -> closed(listen);
        if (handle.isEmpty()) {
            QueueSource queue = listen.queue(onClose);
            queues.put(listen.key(), queue);
            return queue;
        }
        return switch (listen.grant().way()) {
            case HANDOFF -> listen.handoff(handle.get(), soon, onClose);
            case STEERED -> listen.steered(handle.get(), soon, onClose);
            case CHANNEL, SHARED -> listen.listener(handle.get(), onClose);
        };
    }

    private void datagrams(
            GrantedListen listen, Optional<Fd> handle, CompletableFuture<SharedDatagrams> answer)
            throws IOException {
        SharedDatagrams shared = listen.datagrams(handle, () -> closed(listen));
        SocketAddress bound = listen.boundTo(shared.socket());
        if (!answer.complete(shared)) {
            shared.socket().close();
            closed(listen);
        } else if (!listen.query().own()) {
            // Nobody serves the program by what is one process's own.
            link.get().tell(listen.listening(bound));
        }
    }

    private static void close(SharedDatagrams shared) throws IOException {
        shared.socket().close();
        shared.onClose().run();
    }

    /** Any thread: the application closed its server, or the worker leaves. */
    private void closed(GrantedListen listen) {
        boolean ends = leaving || JvmEnd.hasBegun();
        try {
            loop.execute(
                    () -> {
                        queues.remove(listen.key());
                        QueryServer query = listen.query();
                        indexes.free(query.address(), query.index());
                        link.get().tell(new Close(listen.key(), ends));
                    });
        } catch (RejectedExecutionException disconnected) {
            // The primary has closed it with the channel.
        }
    }

    // Connections that come through the channel.

    void connection(NewConnection newConnection, Asked asked, Fd connection) throws IOException {
        // libuv's sockets are non-blocking; the JDK takes a new connection to be blocking.
        Descriptors.setNonBlocking(connection.number(), false);
        QueueSource queue = queues.get(newConnection.key());
        if (queue == null) {
            connection.close();
            answer(asked, false);
        } else {
            queue.offer(connection, taken -> answer(asked, taken));
        }
    }

    private void answer(Asked asked, boolean taken) {
        if (loop.inLoop()) {
            link.get().answer(asked, new Accepted(taken));
            return;
        }
        try {
            loop.execute(() -> answer(asked, taken));
        } catch (RejectedExecutionException disconnected) {
            // Not acknowledged: the primary gives its copy to another worker.
        }
    }

    /** Any thread: what is closed from now on is closed because the worker ends. */
    void leave() {
        leaving = true;
    }

    /** From now on every listen fails: the worker leaves. */
    void refuse() {
        refusing = true;
        unanswered.forEach(answer -> answer.completeExceptionally(BindFailures.leaving()));
        unanswered.clear();
    }
}
