package dev.prefork.listen;

import static org.assertj.core.api.Assertions.assertThat;

import dev.prefork.AddressType;
import dev.prefork.Message;
import dev.prefork.SchedulingPolicy;
import dev.prefork.ipc.Receipt;
import dev.prefork.loop.EventLoop;
import dev.prefork.posix.Descriptors;
import dev.prefork.posix.Errno;
import dev.prefork.posix.Fd;
import dev.prefork.posix.PosixException;
import dev.prefork.posix.Sockets;
import dev.prefork.wire.Act;
import dev.prefork.wire.Close;
import dev.prefork.wire.ClusterLink;
import dev.prefork.wire.Grant;
import dev.prefork.wire.ListenAddress;
import dev.prefork.wire.QueryServer;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.net.ConnectException;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** What a worker says about addresses changes its own part in them and nobody else's. SPEC A2. */
class OwnPartTest {
    private static final String LOCAL = "127.0.0.1";

    private EventLoop loop;
    private ListenHandles handles;
    private final List<AWorker> workers = new ArrayList<>();

    @BeforeEach
    void start() throws PosixException {
        loop = EventLoop.open(fault -> {});
        handles =
                new ListenHandles(
                        loop, SchedulingPolicy.ROUND_ROBIN, Balancing.ByAddress.DEFAULT, _ -> {});
        Thread.ofPlatform().daemon().start(loop);
    }

    @AfterEach
    void stop() throws Exception {
        for (AWorker worker : workers) {
            onLoop(worker::leave);
        }
        assertThat(handles.isEmpty()).isTrue();
        loop.close();
    }

    /**
     * Both ends of a worker's channel: the test asks at one, the listening room answers at the
     * other.
     */
    private final class AWorker implements ClusterLink.Peer {
        private final ClusterLink here;
        private final ClusterLink there;
        private final Filler filler;

        AWorker(String name) throws Exception {
            Fd[] ends = Sockets.pair(Sockets.Type.STREAM);
            here = onLoop(() -> ClusterLink.open(loop, ends[0], this));
            there = onLoop(() -> ClusterLink.open(loop, ends[1], this));
            filler = new Filler(workers.size(), name, new SlotListeners(false), there);
            workers.add(this);
        }

        /** What the primary's side hears. */
        @Override
        public void act(Act act, ClusterLink.Asked asked, Optional<Fd> handle, Receipt receipt) {
            if (act instanceof QueryServer query) {
                handles.listen(filler, query, asked);
            } else if (act instanceof Close(String key, _)) {
                handles.close(filler, key);
            }
            receipt.done();
        }

        boolean leave() {
            handles.leaveShared(filler, () -> {});
            handles.channelClosed(filler);
            here.channel().disconnect();
            there.channel().disconnect();
            return true;
        }

        Grant listen(String host) throws Exception {
            return listen(ListenAddress.of(Optional.of(host), 0, AddressType.TCP4));
        }

        Grant listen(ListenAddress address) throws Exception {
            QueryServer query = new QueryServer(address, 0, QueryServer.Wishes.NONE, null, false);
            CompletableFuture<Grant> answer = new CompletableFuture<>();
            loop.execute(() -> here.ask(query, (grant, handle) -> answer.complete(grant)));
            return answer.get(20, TimeUnit.SECONDS);
        }

        /** Returns when the other side has heard it. */
        void close(String key) throws Exception {
            loop.execute(() -> here.tell(new Close(key)));
            assertThat(listen("no literal").errno()).isEqualTo(Errno.EINVAL);
        }

        @Override
        public void message(Message message, Receipt receipt) {
            receipt.done();
        }

        @Override
        public void error(Exception problem) {
            throw new IllegalStateException(problem);
        }

        @Override
        public void disconnected() {
            // With the loop.
        }
    }

    private <T> T onLoop(Callable<T> task) throws Exception {
        CompletableFuture<T> done = new CompletableFuture<>();
        loop.execute(
                () -> {
                    try {
                        done.complete(task.call());
                    } catch (Exception e) {
                        done.completeExceptionally(e);
                    }
                });
        return done.get(20, TimeUnit.SECONDS);
    }

    private static boolean isServed(int port) throws IOException {
        try (Socket client = new Socket(LOCAL, port)) {
            return client.isConnected();
        } catch (ConnectException refused) {
            return false;
        }
    }

    @Test
    void givenOneThatListens_whenItAsksForTheSameAgain_thenItIsInUseAndItListensOn()
            throws Exception {
        AWorker worker = new AWorker("1");
        Grant first = worker.listen(LOCAL);

        Grant second = worker.listen(LOCAL);

        assertThat(first.errno()).isZero();
        assertThat(second.errno()).isEqualTo(Errno.EADDRINUSE);
        assertThat(isServed(first.sockname().orElseThrow().getPort())).isTrue();
    }

    @Test
    void givenOneThatListens_whenAnotherClosesItsAddress_thenItListensOnUntilItClosesItItself()
            throws Exception {
        AWorker worker = new AWorker("1");
        AWorker other = new AWorker("2");
        Grant grant = worker.listen(LOCAL);
        int port = grant.sockname().orElseThrow().getPort();

        other.close(grant.key());
        boolean afterTheOthers = isServed(port);
        worker.close(grant.key());

        assertThat(afterTheOthers).isTrue();
        assertThat(isServed(port)).isFalse();
    }

    /** Such as the primary's end of another worker's channel, or what it writes its log to. */
    @Test
    void givenAConnectedSocketOfThePrimary_whenAWorkerWantsItsNumber_thenItIsRefusedAndUntouched()
            throws Exception {
        Fd[] ends = Sockets.pair(Sockets.Type.STREAM);
        try (Fd ours = ends[0];
                Fd _ = ends[1]) {
            Descriptors.setNonBlocking(ours.number(), false);
            String before = flags(ours);

            Grant grant =
                    new AWorker("1")
                            .listen(
                                    ListenAddress.ofDescriptor(
                                            ours.number(), AddressType.DESCRIPTOR));

            assertThat(grant.errno()).isEqualTo(Errno.EINVAL);
            assertThat(flags(ours)).isEqualTo(before);
        }
    }

    private static String flags(Fd fd) throws IOException {
        return Files.readAllLines(Path.of("/proc/self/fdinfo", "" + fd.number())).get(1);
    }
}
