package dev.prefork.examples;

import static org.assertj.core.api.Assertions.assertThat;

import dev.prefork.ClusterSettings;
import dev.prefork.Pool;
import dev.prefork.Prefork;
import dev.prefork.Worker;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/**
 * How the workers of a program are tested with JUnit: the test is their primary, and the program's
 * main class is theirs. When the primary is closed all of them have ended.
 */
class EchoTest {
    private static final int DEADLINE_SECONDS = 30;

    private ClusterSettings settings;

    @BeforeEach
    void workersAreThisProgram() {
        settings = ClusterSettings.builder().exec(Echo.class.getName()).build();
    }

    @Test
    void givenAWorker_whenItIsSentAMessage_thenItSendsItBack() throws Exception {
        try (Prefork primary = Prefork.create(settings)) {
            Worker worker = primary.fork();
            CompletableFuture<String> back = new CompletableFuture<>();
            worker.onMessage(String.class, back::complete);

            worker.send("hi there");

            assertThat(back.get(DEADLINE_SECONDS, TimeUnit.SECONDS)).isEqualTo("hi there");
        }
    }

    @Test
    void givenAPool_whenAWorkerIsKilled_thenAnotherTakesItsPlace() throws Exception {
        try (Prefork primary = Prefork.create(settings)) {
            BlockingQueue<Worker> online = new LinkedBlockingQueue<>();
            primary.onOnline(online::add);
            Pool pool = primary.keep(2);
            Worker first = online.poll(DEADLINE_SECONDS, TimeUnit.SECONDS);
            Worker second = online.poll(DEADLINE_SECONDS, TimeUnit.SECONDS);

            first.process().kill("SIGKILL");

            Worker third = online.poll(DEADLINE_SECONDS, TimeUnit.SECONDS);
            assertThat(third.slot()).isEqualTo(first.slot());
            assertThat(pool.workers()).containsOnlyKeys(second.id(), third.id());
        }
    }
}
