package dev.prefork.it.library;

import static org.assertj.core.api.Assertions.assertThat;

import dev.prefork.Cluster;
import dev.prefork.ClusterSettings;
import dev.prefork.it.support.Program;
import dev.prefork.it.support.Programs;
import dev.prefork.it.support.Rule;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** After another program this one again. */
@Rule("B7")
class ResetIT {
    @RegisterExtension final Programs programs = new Programs();

    /** Whose workers are another program's first. */
    static final class ThereAndBack {
        public static void main(String[] args) {
            if (!Cluster.isPrimary()) {
                System.out.println("worker of " + ThereAndBack.class.getSimpleName());
                Cluster.worker().kill();
                return;
            }
            Cluster.onSetup(settings -> System.out.println("setup exec=" + settings.exec()));
            ClusterSettings other = ClusterSettings.builder().exec(Other.class.getName()).build();
            Cluster.setupPrimary(other);
            Cluster.setupPrimary(ClusterSettings.empty());
            var _ = Cluster.fork().exited().join();
            Cluster.resetPrimary(ClusterSettings.empty());
            Cluster.fork();
        }
    }

    /** The other program. */
    static final class Other {
        public static void main(String[] args) {
            System.out.println("worker of " + Other.class.getSimpleName());
            Cluster.worker().kill();
        }
    }

    @Test
    void givenAnotherProgram_whenTheSettingsAreReset_thenTheNextWorkerIsOfThisOne() {
        Program primary = programs.java(ThereAndBack.class);

        assertThat(primary.awaitEnd()).isZero();

        assertThat(primary.values("worker of")).containsExactly("Other", "ThereAndBack");
        assertThat(primary.values("setup").getLast()).contains("ThereAndBack");
    }
}
