package dev.prefork.it.settings;

import static org.assertj.core.api.Assertions.assertThat;

import dev.prefork.Cluster;
import dev.prefork.Worker;
import dev.prefork.it.support.Program;
import dev.prefork.it.support.Programs;
import dev.prefork.it.support.Rule;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The channel as worker.process() has it: send, disconnect, connected. */
class ProcessChannelIT {
    @RegisterExtension final Programs programs = new Programs();

    /** Worker 1 is left by the primary, worker 2 leaves by itself. */
    static final class Leaving {
        public static void main(String[] args) {
            if (Cluster.isPrimary()) {
                Cluster.onDisconnect(
                        worker ->
                                Say.line(
                                        "disconnect", worker.id(), worker.exitedAfterDisconnect()));
                Cluster.onExit((worker, exit) -> Say.line("exit", worker.id(), exit));
                Worker first = Cluster.fork();
                first.onError(problem -> Say.line("error", problem.getMessage()));
                first.onMessage(
                        message -> {
                            Say.line("message", message.value());
                            first.process().disconnect();
                            Say.line("connected", first.process().isConnected());
                            first.process().disconnect();
                            first.process().send("late", failure -> Say.line("late", failure));
                        });
                Say.line("sent", first.process().send("hello"));
                first.exited().join();
                Cluster.fork().process().send("leave");
            } else {
                Cluster.worker()
                        .onMessage(
                                message -> {
                                    if (message.value().equals("leave")) {
                                        Cluster.worker().process().disconnect();
                                    } else {
                                        Cluster.worker().process().send("echo " + message.value());
                                    }
                                });
            }
        }
    }

    @Rule({"A20", "A22", "A24"})
    @Test
    void givenAProcess_whenItsChannelIsClosedWithoutDisconnect_thenTheWorkerExitsZero() {
        Program primary = programs.java(Leaving.class);

        assertThat(primary.awaitEnd()).isZero();

        assertThat(primary.lines())
                .contains("sent true", "message echo hello", "connected false")
                .contains("disconnect 1 false", "exit 1 code 0")
                .contains("disconnect 2 false", "exit 2 code 0")
                .contains("error the channel is closed already");
        assertThat(primary.awaitValue("late")).contains("ChannelClosedException");
    }
}
