package dev.prefork.budget;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** How much memory there is: of the machine, and of control groups of both versions. */
class MachineMemoryTest {
    private static final long MEGABYTE = 1 << 20;

    @TempDir Path root;

    @BeforeEach
    void aMachineOfFourGigabytes() throws IOException {
        write("proc/meminfo", "MemFree:  1 kB\nMemTotal:        4194304 kB\nSwapTotal: 9 kB\n");
    }

    private void write(String file, String text) throws IOException {
        Path path = root.resolve(file);
        Files.createDirectories(path.getParent());
        Files.writeString(path, text);
    }

    private long megabytes() {
        return new MachineMemory(root).bytes().orElseThrow() / MEGABYTE;
    }

    @Test
    void givenNoControlGroups_thenItIsTheMachines() {
        assertThat(megabytes()).isEqualTo(4096);
    }

    @Test
    void givenALimitOfTheGroupAboveOurs_thenItCounts() throws IOException {
        write("proc/self/cgroup", "0::/pod/app\n");
        write("sys/fs/cgroup/pod/memory.max", "1073741824\n");
        write("sys/fs/cgroup/pod/app/memory.max", "max\n");

        assertThat(megabytes()).isEqualTo(1024);
    }

    @Test
    void givenTheRootOfAContainer_thenItsLimitCounts() throws IOException {
        write("proc/self/cgroup", "0::/\n");
        write("sys/fs/cgroup/memory.max", "536870912\n");

        assertThat(megabytes()).isEqualTo(512);
    }

    @Test
    void givenAPathOutsideOfWhatCanBeSeen_thenTheRootCounts() throws IOException {
        write("proc/self/cgroup", "9:name=systemd:/x\n4:cpu,memory:/docker/0123\n0::/../other\n");
        write("sys/fs/cgroup/memory/memory.limit_in_bytes", "268435456\n");

        assertThat(megabytes()).isEqualTo(256);
    }

    @Test
    void givenAGroupOfTheFirstVersionWithoutALimit_thenItIsTheMachines() throws IOException {
        write("proc/self/cgroup", "4:memory:/app\n");
        write("sys/fs/cgroup/memory/app/memory.limit_in_bytes", "9223372036854771712\n");

        assertThat(megabytes()).isEqualTo(4096);
    }

    @Test
    void givenNobodyWhoSays_thenItIsUnknown() {
        assertThat(new MachineMemory(root.resolve("nothing")).bytes()).isEmpty();
    }

    @Test
    void ofThisMachine_thenItIsWhatTheKernelSays() throws IOException {
        String total =
                Files.readAllLines(Path.of("/proc/meminfo")).stream()
                        .filter(line -> line.startsWith("MemTotal:"))
                        .findFirst()
                        .orElseThrow()
                        .replaceAll("\\D", "");

        assertThat(new MachineMemory().bytes().orElseThrow())
                .isPositive()
                .isLessThanOrEqualTo(Long.parseLong(total) * 1024);
    }
}
