package dev.prefork.it.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import dev.prefork.Cluster;
import dev.prefork.Worker;
import dev.prefork.it.support.Program;
import dev.prefork.it.support.Programs;
import dev.prefork.it.support.Rule;

import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/** Other native code in the primary's process that takes its children's ends away. */
@Rule({"A17", "F11"})
class ReapedElsewhereIT {
    @RegisterExtension final Programs programs = new Programs();

    /** Two workers that exit; their ends go to who does what the argument says. */
    static final class Robbed {
        private static final int SIGCHLD = 17;
        private static final long SIG_IGN = 1;

        public static void main(String[] args) throws Throwable {
            if (Cluster.isPrimary()) {
                switch (args[0]) {
                    case "ignore" -> ignoreChildren();
                    case "wait" -> Thread.ofPlatform().daemon().start(Robbed::waitForAny);
                    default -> throw new IllegalArgumentException("args=" + args[0]);
                }
                Events.print();
                Semaphore printed = new Semaphore(0);
                Cluster.onExit((worker, exit) -> printed.release());
                for (int i = 0; i < 2; i++) {
                    endOne(Cluster.fork(), printed);
                }
                Events.say("over");
                Runtime.getRuntime().halt(0); // Even from a log that never ends.
            }
        }

        /** Not by {@code exited()}, which is complete before the cluster's event is printed. */
        private static void endOne(Worker worker, Semaphore printed) throws Exception {
            worker.online().get();
            worker.process().kill("SIGKILL");
            if (!printed.tryAcquire(3, TimeUnit.SECONDS)) {
                Events.say("never told", worker.id());
            }
        }

        /** signal(2): the kernel throws away how children end. */
        private static void ignoreChildren() throws Throwable {
            long _ =
                    (long)
                            function(
                                            "signal",
                                            FunctionDescriptor.of(
                                                    ValueLayout.JAVA_LONG,
                                                    ValueLayout.JAVA_INT,
                                                    ValueLayout.JAVA_LONG))
                                    .invokeExact(SIGCHLD, SIG_IGN);
        }

        /** waitpid(2) of whoever ends, again and again. */
        private static void waitForAny() {
            MethodHandle waitpid =
                    function(
                            "waitpid",
                            FunctionDescriptor.of(
                                    ValueLayout.JAVA_INT,
                                    ValueLayout.JAVA_INT,
                                    ValueLayout.ADDRESS,
                                    ValueLayout.JAVA_INT));
            try {
                while (true) {
                    int _ = (int) waitpid.invokeExact(-1, MemorySegment.NULL, 0);
                }
            } catch (Throwable e) {
                throw new IllegalStateException(e);
            }
        }

        @SuppressWarnings("restricted") // the tests' JVMs may
        private static MethodHandle function(String name, FunctionDescriptor type) {
            Linker linker = Linker.nativeLinker();
            return linker.downcallHandle(linker.defaultLookup().find(name).orElseThrow(), type);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"ignore", "wait"})
    void givenSomebodyElseWhoReaps_whenWorkersEnd_thenExitIsToldOnceAndNothingRepeats(String how) {
        Program primary = programs.java(Robbed.class, how);

        assertThat(primary.awaitEnd()).isZero();

        assertThat(primary.lines()).as("what was logged").hasSizeLessThan(40);
        assertThat(primary.values("never told")).isEmpty();
        assertThat(primary.values("exit").stream().map(line -> line.charAt(0)))
                .containsExactly('1', '2');
    }
}
