package dev.prefork.it.library;

import static org.assertj.core.api.Assertions.assertThat;

import static java.util.concurrent.TimeUnit.MILLISECONDS;

import dev.prefork.Cluster;
import dev.prefork.it.support.Program;
import dev.prefork.it.support.Programs;
import dev.prefork.it.support.Rule;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.concurrent.CompletableFuture;

/** A deadline over all workers finds those that were told to leave and still serve. */
@Rule({"A19", "B8"})
class DeadlineIT {
    @RegisterExtension final Programs programs = new Programs();

    /** A worker that serves a client who never goes. */
    static final class Busy {
        public static void main(String[] args) throws IOException {
            if (Cluster.isPrimary()) {
                Cluster.onMessage((_, _) -> shutDown());
                Cluster.onExit((_, exit) -> say("exit " + exit));
                Cluster.fork();
                return;
            }
            InetAddress here = InetAddress.getLoopbackAddress();
            try (ServerSocket server = new ServerSocket(0, 0, here);
                    Socket client = new Socket(here, server.getLocalPort());
                    Socket served = server.accept()) {
                Cluster.worker().send("busy with " + client);
                var _ = served.getInputStream().read();
            }
        }

        private static void shutDown() {
            CompletableFuture<Void> gone = Cluster.disconnect();
            say("told");
            CompletableFuture<Void> _ =
                    gone.orTimeout(1, MILLISECONDS)
                            .exceptionally(
                                    _ -> {
                                        say("late");
                                        Cluster.living()
                                                .values()
                                                .forEach(late -> late.process().kill("SIGKILL"));
                                        return null;
                                    });
        }

        private static void say(String when) {
            System.out.printf(
                    "%s workers=%s living=%s%n",
                    when, Cluster.workers().keySet(), Cluster.living().keySet());
        }
    }

    @Test
    void givenAWorkerThatStillServes_whenTheDeadlineIsOver_thenItIsAmongTheLiving() {
        Program primary = programs.java(Busy.class);

        assertThat(primary.awaitEnd()).isZero();

        assertThat(primary.lines())
                .containsExactly(
                        "told workers=[] living=[1]",
                        "late workers=[] living=[1]",
                        "exit signal SIGKILL workers=[] living=[]");
    }
}
