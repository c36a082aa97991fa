package dev.prefork.it.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import dev.prefork.ClusterSettings;
import dev.prefork.Prefork;
import dev.prefork.Worker;
import dev.prefork.it.support.Program;
import dev.prefork.it.support.Programs;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Several primaries in one process, each with a program of its own. */
class InstancesIT {
    @RegisterExtension final Programs programs = new Programs();

    static final class Two {
        public static void main(String[] args) {
            Prefork one = instance("exit 3");
            Prefork two = instance("exit 4");
            one.onExit((worker, exit) -> Events.say("one", exit));
            two.onExit((worker, exit) -> Events.say("two", exit));

            Worker ofOne = one.fork();
            Worker ofTwo = two.fork();
            ofOne.exited().join();
            ofTwo.exited().join();
            one.close();
            Worker again = two.fork();
            again.exited().join();
            two.close();
            Events.say("ids", ofOne.id(), ofTwo.id(), again.id());
        }

        private static Prefork instance(String script) {
            Prefork made = Prefork.create();
            made.setup(
                    ClusterSettings.builder()
                            .execPath("sh")
                            .execArgv()
                            .exec("-c")
                            .args(script)
                            .build());
            return made;
        }
    }

    @Test
    void givenTwo_whenEachForks_thenEachRunsItsOwnAndTheEndOfOneIsNotThatOfTheOther() {
        Program program = programs.java(Two.class);

        assertThat(program.awaitEnd()).isZero();
        assertThat(program.values("one")).containsExactly("code 3");
        assertThat(program.values("two")).containsExactly("code 4", "code 4");
        assertThat(program.values("ids")).containsExactly("1 1 2");
    }
}
