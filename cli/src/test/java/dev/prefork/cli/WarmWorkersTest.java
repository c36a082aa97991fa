package dev.prefork.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.sun.net.httpserver.HttpServer;

import dev.prefork.drive.Workers;
import dev.prefork.supervise.End;
import dev.prefork.supervise.WorkerEvent;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** Who is warmed up, and when it is told of what happens to it meanwhile. */
@Timeout(30)
class WarmWorkersTest {
    private static final Duration LONG = Duration.ofSeconds(20);

    /** What was told of a worker. */
    private record Told(int id, WorkerEvent event) {}

    /** Workers that do nothing; the test makes happen what happens. */
    private static final class Doubles implements Workers {
        private Listener listener;
        private int lastId;

        @Override
        public void listen(Listener told) {
            listener = told;
        }

        @Override
        public Started fork(int slot, int generation) {
            lastId++;
            return new Started(lastId, 1000 + lastId);
        }

        @Override
        public void keepOnly(int generation) {}

        @Override
        public void leave(int id) {}

        @Override
        public void signal(int id, String name) {}

        @Override
        public void settle(int slot) {}

        @Override
        public void takeNoMore() {}

        @Override
        public void close(int slot) {}
    }

    private final Doubles doubles = new Doubles();
    private final ColdWorkers cold = new ColdWorkers();
    private final BlockingQueue<Told> told = new LinkedBlockingQueue<>();
    private final BlockingQueue<Throwable> broken = new LinkedBlockingQueue<>();
    private final BlockingQueue<String> said = new LinkedBlockingQueue<>();
    private final AtomicInteger requests = new AtomicInteger();
    private HttpServer server;
    private String address;

    @BeforeEach
    void serve() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext(
                "/",
                exchange -> {
                    requests.incrementAndGet();
                    try (exchange) {
                        exchange.sendResponseHeaders(200, -1);
                    }
                });
        server.start();
        address = "127.0.0.1:" + server.getAddress().getPort();
    }

    @AfterEach
    void end() {
        server.stop(0);
        assertThat(broken).isEmpty();
    }

    private Workers workers(Duration time) {
        Workers workers = new WarmWorkers(doubles, new WarmUp("/", time), cold, said::add);
        workers.listen(
                new Workers.Listener() {
                    @Override
                    public void happened(int id, WorkerEvent event) {
                        told.add(new Told(id, event));
                    }

                    @Override
                    public void broken(Throwable fault) {
                        broken.add(fault);
                    }
                });
        return workers;
    }

    private void happens(int id, WorkerEvent event) {
        doubles.listener.happened(id, event);
    }

    private List<Told> toldByNow() {
        List<Told> all = new ArrayList<>();
        told.drainTo(all);
        return all;
    }

    /** One that serves, and one that is new. */
    private void serveAndFork(Workers workers) {
        workers.fork(0, 1);
        happens(1, new WorkerEvent.Listening(address));
        workers.fork(0, 2);
        happens(2, new WorkerEvent.Online());
        assertThat(toldByNow())
                .containsExactly(
                        new Told(1, new WorkerEvent.Listening(address)),
                        new Told(2, new WorkerEvent.Online()));
    }

    @Test
    void givenNobodyWhoServes_thenAllListenAtOnce() {
        Workers workers = workers(LONG);
        workers.fork(0, 1);
        workers.fork(1, 1);

        happens(1, new WorkerEvent.Listening(address));
        happens(2, new WorkerEvent.Listening(address));

        assertThat(toldByNow()).hasSize(2);
        assertThat(cold.contains(1) || cold.contains(2)).isFalse();
    }

    @Test
    void givenOneThatServes_thenTheNextListensWhenItIsWarm() throws Exception {
        Workers workers = workers(Duration.ofMillis(300));
        serveAndFork(workers);
        assertThat(cold.contains(2)).isTrue();

        happens(2, new WorkerEvent.Listening(address));
        happens(2, new WorkerEvent.Listening("udp *:53"));
        happens(2, new WorkerEvent.Closed("udp *:53"));
        assertThat(toldByNow()).isEmpty();

        assertThat(told.poll(10, TimeUnit.SECONDS))
                .isEqualTo(new Told(2, new WorkerEvent.Listening(address)));
        assertThat(told.poll(10, TimeUnit.SECONDS))
                .isEqualTo(new Told(2, new WorkerEvent.Listening("udp *:53")));
        assertThat(told.poll(10, TimeUnit.SECONDS))
                .isEqualTo(new Told(2, new WorkerEvent.Closed("udp *:53")));
        assertThat(cold.contains(2)).isFalse();
        assertThat(requests).hasPositiveValue();
        assertThat(said).isEmpty();
    }

    @Test
    void givenOneThatIsWarmedUp_whenItEnds_thenOnlyItsEndIsToldAndTheRequestsEnd() {
        Workers workers = workers(LONG);
        serveAndFork(workers);
        happens(2, new WorkerEvent.Listening(address));
        WorkerEvent end = new WorkerEvent.Exited(new End.Code(1), List.of());

        happens(2, end);

        assertThat(toldByNow()).containsExactly(new Told(2, end));
        awaitNoMoreRequests();
        assertThat(toldByNow()).isEmpty();
        assertThat(said).isEmpty();
    }

    /** It cannot become warm any more. */
    @Test
    void givenOneThatIsWarmedUp_whenItDisconnects_thenAllIsToldInOrder() {
        Workers workers = workers(LONG);
        serveAndFork(workers);
        happens(2, new WorkerEvent.Listening(address));

        happens(2, new WorkerEvent.Disconnected());

        assertThat(toldByNow())
                .containsExactly(
                        new Told(2, new WorkerEvent.Listening(address)),
                        new Told(2, new WorkerEvent.Disconnected()));
        awaitNoMoreRequests();
    }

    /** Nobody serves then. */
    @Test
    void givenThatTheLastOnesHaveDisconnected_thenTheNextListensAtOnce() {
        Workers workers = workers(LONG);
        serveAndFork(workers);
        happens(1, new WorkerEvent.Disconnected());
        happens(2, new WorkerEvent.Listening(address));
        happens(2, new WorkerEvent.Disconnected());
        toldByNow();

        workers.fork(0, 2);
        happens(3, new WorkerEvent.Listening(address));

        assertThat(toldByNow()).containsExactly(new Told(3, new WorkerEvent.Listening(address)));
        awaitNoMoreRequests();
    }

    private void awaitNoMoreRequests() {
        await().untilAsserted(
                        () ->
                                assertThat(Thread.getAllStackTraces().keySet())
                                        .noneMatch(
                                                thread ->
                                                        thread.getName()
                                                                .equals("prefork-warm-up")));
    }

    @Test
    void givenAnAddressThatIsNoPort_thenItListensAtOnce() {
        Workers workers = workers(LONG);
        serveAndFork(workers);

        happens(2, new WorkerEvent.Listening("/run/app.sock"));

        assertThat(toldByNow())
                .containsExactly(new Told(2, new WorkerEvent.Listening("/run/app.sock")));
        assertThat(cold.contains(2)).isFalse();
    }

    /** As one with TLS. */
    @Test
    void givenAServerThatSpeaksNoHttp_thenThatIsSaidAndItListens() throws Exception {
        try (ServerSocket other = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
            CountDownLatch answered = new CountDownLatch(1);
            Thread.ofVirtual()
                    .start(
                            () -> {
                                try (var client = other.accept()) {
                                    client.getOutputStream().write(new byte[] {21, 3, 1});
                                    answered.countDown();
                                } catch (IOException e) {
                                    broken.add(e);
                                }
                            });
            Workers workers = workers(LONG);
            serveAndFork(workers);

            happens(2, new WorkerEvent.Listening("127.0.0.1:" + other.getLocalPort()));

            assertThat(said.poll(10, TimeUnit.SECONDS))
                    .startsWith("worker 2 is not warmed up by /: ");
            assertThat(told.poll(10, TimeUnit.SECONDS)).isNotNull();
            assertThat(answered.await(1, TimeUnit.SECONDS)).isTrue();
        }
    }

    @ParameterizedTest
    @CsvSource({
        "*:8080,            127.0.0.1, 8080",
        "10.1.2.3:80,       10.1.2.3,  80",
        "[::1]:81,          ::1,       81",
        "[::]:82,           127.0.0.1, 82"
    })
    void whereAWorkerIsReached(String written, String host, int port) {
        assertThat(WarmWorkers.target(written))
                .contains(new InetSocketAddress(InetAddress.ofLiteral(host), port));
    }
}
