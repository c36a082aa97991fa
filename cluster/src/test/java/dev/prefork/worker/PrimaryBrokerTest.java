package dev.prefork.worker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.prefork.PortRules;
import dev.prefork.net.ConnectionSource;
import dev.prefork.net.ListenRequest;
import dev.prefork.posix.Fd;
import dev.prefork.posix.NothingLeft;
import dev.prefork.posix.Sockets;
import dev.prefork.wire.LinkEnd;
import dev.prefork.wire.NodeEnd;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.io.IOException;
import java.net.BindException;
import java.net.InetSocketAddress;
import java.net.SocketException;
import java.net.StandardProtocolFamily;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;

/** A worker's listens, of a primary whose part the test plays (SPEC A8, E1). */
@ExtendWith(NothingLeft.class)
class PrimaryBrokerTest {
    private static final Duration LONG = Duration.ofSeconds(20);
    private static final Duration SHORT = Duration.ofMillis(20);
    private static final ListenRequest REQUEST =
            new ListenRequest(
                    new InetSocketAddress("127.0.0.1", 8000), StandardProtocolFamily.INET, 50);

    private LinkEnd worker;
    private NodeEnd primary;

    @BeforeEach
    void open() throws Exception {
        Fd[] pair = Sockets.pair(Sockets.Type.STREAM);
        worker = new LinkEnd(pair[0]);
        primary = new NodeEnd(pair[1]);
    }

    @AfterEach
    void close() throws Exception {
        primary.close();
        worker.close();
    }

    @Test
    void givenAGrant_whenTheServerCloses_thenThePrimaryHearsOfBoth() throws Exception {
        CompletableFuture<ConnectionSource> listens = listen(broker(LONG));

        Map<String, Object> query = primary.read();
        grant(query);
        ConnectionSource source = listens.get(20, TimeUnit.SECONDS);
        Map<String, Object> listening = primary.read();
        source.close();

        assertThat(query)
                .containsEntry("act", "queryServer")
                .containsEntry("address", "127.0.0.1")
                .containsEntry("port", 8000)
                .containsEntry("index", 0);
        assertThat(source.localAddress()).isEqualTo(new InetSocketAddress("127.0.0.1", 8000));
        assertThat(listening).containsEntry("act", "listening").containsEntry("port", 8000);
        assertThat(primary.read()).containsEntry("act", "close").containsEntry("key", "k");
    }

    @Test
    void givenAPrimaryThatNeverAnswers_whenTheDeadlineIsOver_thenTheBindFails() throws Exception {
        PrimaryBroker broker = broker(SHORT);

        assertThatExceptionOfType(SocketException.class)
                .isThrownBy(() -> broker.listen(REQUEST))
                .withMessageContaining("127.0.0.1:8000")
                .withMessageContaining("has not answered in 0.02 s");
    }

    @Test
    void givenThatTheDeadlineIsOver_whenTheGrantComes_thenItIsGivenBack() throws Exception {
        PrimaryBroker broker = broker(SHORT);
        assertThatExceptionOfType(SocketException.class).isThrownBy(() -> broker.listen(REQUEST));

        grant(primary.read());

        assertThat(primary.read()).containsEntry("act", "close").containsEntry("key", "k");
    }

    @Test
    void givenAGrantThatCannotBeUsed_whenItComes_thenTheBindFailsAndItIsGivenBack()
            throws Exception {
        CompletableFuture<ConnectionSource> listens = listen(broker(LONG));

        answer(primary.read(), "'errno':null,'key':'k'");

        assertThatExceptionOfType(ExecutionException.class)
                .isThrownBy(() -> listens.get(20, TimeUnit.SECONDS))
                .withRootCauseInstanceOf(IOException.class)
                .withMessageContaining("sockname");
        assertThat(primary.read()).containsEntry("act", "close").containsEntry("key", "k");
    }

    @ParameterizedTest
    @CsvSource({
        "-98, java.net.BindException, Address already in use",
        "-99, java.net.BindException, Cannot assign requested address",
        "-13, java.net.BindException, Permission denied",
        "-22, java.net.SocketException, Invalid argument",
        "-24, java.net.SocketException, Too many open files",
    })
    void givenARefusal_whenItComes_thenTheBindFailsAsTheJdksWould(
            int errno, Class<? extends IOException> type, String message) throws Exception {
        PrimaryBroker broker = broker(LONG);
        CompletableFuture<ConnectionSource> listens = listen(broker);

        answer(primary.read(), "'errno':" + errno + ",'key':'k'");

        assertThatExceptionOfType(ExecutionException.class)
                .isThrownBy(() -> listens.get(20, TimeUnit.SECONDS))
                .withRootCauseExactlyInstanceOf(type)
                .havingRootCause()
                .withMessage(message);
    }

    @Test
    void givenARefusal_whenAskedAgain_thenTheIndexIsFree() throws Exception {
        PrimaryBroker broker = broker(LONG);
        CompletableFuture<ConnectionSource> refused = listen(broker);
        answer(primary.read(), "'errno':-98,'key':'k'");
        assertThatExceptionOfType(ExecutionException.class).isThrownBy(refused::get);

        CompletableFuture<ConnectionSource> again = listen(broker);
        Map<String, Object> query = primary.read();
        answer(query, "'errno':-98,'key':'k'");

        assertThat(query).containsEntry("index", 0);
        assertThatExceptionOfType(ExecutionException.class)
                .isThrownBy(again::get)
                .withRootCauseInstanceOf(BindException.class);
    }

    @Test
    void givenAWorkerThatLeaves_whenItListens_thenTheBindFails() throws Exception {
        PrimaryBroker broker = broker(LONG);
        CompletableFuture<ConnectionSource> waits = listen(broker);
        assertThat(primary.read()).containsEntry("act", "queryServer");

        worker.onLoop(broker::refuse);

        assertThatExceptionOfType(ExecutionException.class)
                .isThrownBy(() -> waits.get(20, TimeUnit.SECONDS))
                .withMessageContaining("the worker is disconnecting");
        assertThatExceptionOfType(SocketException.class)
                .isThrownBy(() -> broker.listen(REQUEST))
                .withMessageContaining("the worker is disconnecting");
    }

    /** SPEC F3: it serves nobody by a port that is one process's, and so does not say so. */
    @Test
    void givenASlotsOwnPort_whenItListens_thenItAsksForThatAndIsNoServer() throws Exception {
        OwnPorts ownPorts = new OwnPorts(PortRules.parse("8000=offset"), 2);
        CompletableFuture<ConnectionSource> listens =
                listen(
                        new PrimaryBroker(
                                worker.loop(), worker::link, new Listens(ownPorts, true), LONG));

        Map<String, Object> query = primary.read();
        answer(query, "'errno':null,'key':'k','sockname':{'address':'127.0.0.1','port':8002}");
        ConnectionSource source = listens.get(20, TimeUnit.SECONDS);
        source.close();

        assertThat(query).containsEntry("port", 8002).containsEntry("own", true);
        assertThat(source.isOwn()).isTrue();
        assertThat(primary.read()).containsEntry("act", "close").containsEntry("key", "k");
    }

    private PrimaryBroker broker(Duration answerMayTake) {
        OwnPorts ownPorts = new OwnPorts(PortRules.parse(""), 0);
        return new PrimaryBroker(
                worker.loop(), worker::link, new Listens(ownPorts, false), answerMayTake);
    }

    /** On a thread of its own, as an application's. */
    private static CompletableFuture<ConnectionSource> listen(PrimaryBroker broker) {
        CompletableFuture<ConnectionSource> listens = new CompletableFuture<>();
        Thread.ofPlatform()
                .name("test-server")
                .start(
                        () -> {
                            try {
                                Optional<ConnectionSource> source = broker.listen(REQUEST);
                                listens.complete(source.orElseThrow());
                            } catch (IOException | RuntimeException e) {
                                listens.completeExceptionally(e);
                            }
                        });
        return listens;
    }

    private void grant(Map<String, Object> query) throws Exception {
        answer(
                query,
                "'errno':null,'key':'k','data':null,"
                        + "'sockname':{'address':'127.0.0.1','family':'IPv4','port':8000}");
    }

    private void answer(Map<String, Object> query, String fields) throws Exception {
        primary.send("{'cmd':'NODE_CLUSTER'," + fields + ",'ack':" + query.get("seq") + "}");
    }
}
