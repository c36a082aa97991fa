package dev.prefork.budget;

import static org.assertj.core.api.Assertions.assertThat;

import dev.prefork.ClusterSettings;

import org.junit.jupiter.api.Test;

import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;

/** What the settings of workers become, and what is said of it. The JVM is the one of this test. */
class WorkerMemoryTest {
    private static final OptionalLong GIGABYTE = OptionalLong.of(1 << 30);

    private final List<String> said = new ArrayList<>();

    private List<String> options(WorkerMemory memory, String... options) {
        return memory.in(ClusterSettings.builder().execArgv(options).exec("Main").build())
                .execArgv()
                .orElseThrow();
    }

    private WorkerMemory memory(OptionalLong bytes, int jvms) {
        return new WorkerMemory(bytes, 2, 1, jvms, said::add);
    }

    @Test
    void givenLittleMemory_thenOursComeBeforeTheUsersAndAreToldOnce() {
        WorkerMemory memory = memory(GIGABYTE, 5);

        assertThat(options(memory, "-Dx=y"))
                .startsWith("-Xmx121m")
                .contains("-XX:+UseSerialGC")
                .endsWith("-Dx=y");
        assertThat(options(memory, "-Dx=z")).contains("-Xmx121m");

        assertThat(said)
                .containsExactly(
                        "each worker has at most 121 MB of heap and the serial collector, so that"
                                + " 5 fit into 1024 MB (-Xmx says otherwise, --plain-jvm leaves it"
                                + " to java)");
    }

    @Test
    void givenOptionsThatAReloadReadAnew_thenWhatIsNewIsTold() {
        WorkerMemory memory = memory(GIGABYTE, 5);

        assertThat(options(memory)).contains("-XX:+UseSerialGC");
        assertThat(options(memory, "-XX:+UseG1GC")).doesNotContain("-XX:+UseSerialGC");

        assertThat(said).hasSize(2);
        assertThat(said.getLast()).startsWith("each worker has at most 121 MB of heap, so that");
    }

    @Test
    void givenTooManyWorkers_thenThatIsSaid() {
        assertThat(options(memory(GIGABYTE, 40))).contains("-Xmx32m");

        assertThat(said)
                .containsExactly(
                        "40 workers hardly fit into 1024 MB: each has at most 32 MB of heap and the"
                                + " serial collector; say fewer with -w");
    }

    @Test
    void givenMoreHeapThanThereIs_thenItStaysAndThatIsSaid() {
        assertThat(options(memory(GIGABYTE, 5), "-Xmx512m")).doesNotContain("-Xmx121m");

        assertThat(said)
                .containsExactly(
                        "5 workers of 512 MB of heap each may need more than the 1024 MB that there"
                                + " are; say less with -Xmx, or fewer with -w");
    }

    @Test
    void givenAsManyWorkersAsProcessors_thenTheCollectorIsForOneAndThatIsSaid() {
        WorkerMemory memory = new WorkerMemory(OptionalLong.of(24L << 30), 2, 2, 3, said::add);

        assertThat(options(memory)).contains("-XX:+UseSerialGC");

        assertThat(said)
                .containsExactly(
                        "each worker has the serial collector, as on a machine with one processor"
                                + " (-XX:+UseG1GC says otherwise, --plain-jvm leaves it to java)");
    }

    @Test
    void givenUnknownMemory_thenNothingIsChosen() {
        assertThat(options(memory(OptionalLong.empty(), 5), "-Dx=y")).containsExactly("-Dx=y");
        assertThat(said).isEmpty();
    }

    @Test
    void givenAJdkThatIsNotThere_thenTheForkSaysSo() {
        ClusterSettings settings =
                ClusterSettings.builder().execPath("/nowhere/bin/java").exec("Main").build();

        assertThat(memory(GIGABYTE, 5).in(settings)).isEqualTo(settings);
    }
}
