package dev.prefork.launch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.prefork.ClusterSettings;
import dev.prefork.loop.EventLoop;
import dev.prefork.loop.StreamSocket;
import dev.prefork.posix.Descriptors;
import dev.prefork.posix.Fd;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.RejectedExecutionException;

/** SPEC B6: stdio, silent; SPEC D7: nothing is left open. */
class StdioTest {
    @RegisterExtension final NothingOpen nothingOpen = new NothingOpen();

    private EventLoop loop;

    @BeforeEach
    void startLoop() throws IOException {
        loop = EventLoop.open(fault -> {});
        Thread.ofPlatform().daemon().start(loop);
    }

    @AfterEach
    void stopLoop() {
        loop.close();
    }

    @Test
    void givenNoSetting_whenOpened_thenTheStreamsAreOursAndTheChannelIs3() throws IOException {
        try (Stdio stdio = Stdio.open(ClusterSettings.empty())) {
            assertThat(stdio.descriptors())
                    .containsEntry(0, 0)
                    .containsEntry(1, 1)
                    .containsEntry(2, 2)
                    .containsOnlyKeys(0, 1, 2, 3);
            assertThat(stdio.channelIndex()).isEqualTo(3);
            assertThat(stdio.openPipes(loop)).isEmpty();
        }
    }

    @Test
    void givenSilent_whenOpened_thenTheStreamsArePipes() throws IOException {
        try (Stdio stdio = Stdio.open(ClusterSettings.builder().silent(true).build())) {
            for (int stream : List.of(0, 1, 2)) {
                isPipe(stdio.descriptors().get(stream));
            }
            isSocket(stdio.descriptors().get(3));
            assertThat(stdio.openPipes(loop)).containsOnlyKeys(0, 1, 2);
            assertThat(stdio.extraPipes()).isEmpty();
        }
    }

    @Test
    void givenEveryWord_whenOpened_thenEachDescriptorIsThat() throws IOException {
        try (Stdio stdio = open("ignore", "pipe", "inherit", "ignore", 1, "ipc", "pipe")) {
            Map<Integer, Integer> descriptors = stdio.descriptors();

            assertThat(target(descriptors.get(0))).isEqualTo("/dev/null");
            isPipe(descriptors.get(1));
            assertThat(descriptors).containsEntry(2, 2).doesNotContainKey(3).containsEntry(4, 1);
            isSocket(descriptors.get(5));
            isSocket(descriptors.get(6));
            assertThat(stdio.channelIndex()).isEqualTo(5);
            assertThat(stdio.extraPipes()).containsExactly(6);
            assertThat(stdio.openPipes(loop)).containsOnlyKeys(1, 6);
        }
    }

    @Test
    void givenFewerWordsThanStreams_whenOpened_thenTheOthersArePipes() throws IOException {
        try (Stdio stdio = open("ipc")) {
            assertThat(stdio.channelIndex()).isZero();
            assertThat(stdio.openPipes(loop)).containsOnlyKeys(1, 2);
        }
    }

    /** A worker may be a shell script; ours waits for nothing. */
    @Test
    void givenAChannel_whenOpened_thenTheWorkersEndBlocksAndOursDoesNot() throws IOException {
        try (Stdio stdio = open("ignore", "ignore", "ignore", "ipc")) {
            assertThat(flags(stdio.descriptors().get(3)) & 04000).isZero();
            try (Fd ours = stdio.started()) {
                assertThat(flags(ours.number()) & 04000).isNotZero();
            }
        }
    }

    @Test
    void givenAFileToLend_whenAsked_thenItIsAboveAllOthersAndStaysTheLenders() throws IOException {
        try (Fd file = Descriptors.openNull()) {
            try (Stdio stdio = open("ignore", "ignore", "ignore", "ipc", "ignore")) {
                assertThat(stdio.lend(file)).isEqualTo(5);
                assertThat(stdio.descriptors()).containsEntry(5, file.number());
            }

            assertThat(file.isOpen()).isTrue();
            assertThat(target(file.number())).isEqualTo("/dev/null");
        }
    }

    @Test
    void givenAStartedWorker_whenClosed_thenWhatIsTheCallersStaysOpen() throws IOException {
        Map<Integer, StreamSocket> pipes;
        Fd channel;
        try (Stdio stdio = open("ignore", "ignore", "ignore", "ipc", "pipe")) {
            pipes = stdio.openPipes(loop);
            channel = stdio.started();
        }

        assertThat(channel.isOpen()).isTrue();
        // The worker's end is closed, by now its only one.
        assertThat(pipes.get(4).input().read()).isEqualTo(-1);
        pipes.get(4).output().close();
        channel.close();
    }

    @Test
    void givenALoopThatHasEnded_whenPipesAreOpened_thenNothingIsLeft() throws IOException {
        loop.close();

        try (Stdio stdio = open("pipe", "pipe", "pipe", "ipc")) {
            assertThatExceptionOfType(RejectedExecutionException.class)
                    .isThrownBy(() -> stdio.openPipes(loop));
        }
    }

    private static Stdio open(Object... words) throws IOException {
        return Stdio.open(ClusterSettings.builder().stdio(words).build());
    }

    /** Unlike a socket it can be opened by name. */
    private static void isPipe(int descriptor) {
        assertThat(target(descriptor)).startsWith("pipe:");
    }

    private static void isSocket(int descriptor) {
        assertThat(target(descriptor)).startsWith("socket:");
    }

    private static String target(int descriptor) {
        try {
            return Files.readSymbolicLink(Path.of("/proc/self/fd/" + descriptor)).toString();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    /** As open(2) has them. */
    private static int flags(int descriptor) throws IOException {
        return Files.readAllLines(Path.of("/proc/self/fdinfo/" + descriptor)).stream()
                .filter(line -> line.startsWith("flags:"))
                .map(line -> Integer.parseInt(line.substring("flags:".length()).strip(), 8))
                .findFirst()
                .orElseThrow();
    }
}
