package dev.prefork.posix;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import static java.nio.charset.StandardCharsets.UTF_8;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;

/** A copy that nothing is left of. */
@ExtendWith(NothingLeft.class)
class UnnamedCopyTest {
    @TempDir Path folder;

    private static List<Path> temporary() throws IOException {
        try (Stream<Path> files = Files.list(Path.of(System.getProperty("java.io.tmpdir")))) {
            return files.filter(file -> file.toString().endsWith(".copy")).toList();
        }
    }

    private Path original() throws IOException {
        byte[] bytes = new byte[300_000];
        new Random(1).nextBytes(bytes);
        return Files.write(folder.resolve("original"), bytes);
    }

    @Test
    void givenAFile_whenItIsCopiedAndWrittenOver_thenTheCopyIsWhatItWasAndHasNoName()
            throws IOException {
        Path original = original();
        byte[] before = Files.readAllBytes(original);
        try (UnnamedCopy copy = UnnamedCopy.of(original)) {
            Files.writeString(original, "another");

            assertThat(copy.path()).hasBinaryContent(before);
            assertThat(temporary()).isEmpty();
        }
    }

    @Test
    void givenACopy_whenAnotherProcessOpensIt_thenItReadsTheSame() throws Exception {
        Path original = Files.writeString(folder.resolve("original"), "content");
        try (UnnamedCopy copy = UnnamedCopy.of(original)) {
            Process cat = new ProcessBuilder("cat", copy.path().toString()).start();

            assertThat(new String(cat.getInputStream().readAllBytes(), UTF_8)).isEqualTo("content");
            assertThat(cat.waitFor()).isZero();
        }
    }

    /** As on a file system that has no files without names. */
    @Test
    void givenThatItNeedsAName_whenItIsCopied_thenTheNameIsGoneAtOnce() throws IOException {
        try (FailingKernel kernel = FailingKernel.of(Thread.currentThread())) {
            kernel.fail("openat", 1, Errno.EOPNOTSUPP);
            try (UnnamedCopy copy = UnnamedCopy.of(original())) {
                assertThat(copy.path()).hasSameBinaryContentAs(folder.resolve("original"));
                assertThat(temporary()).isEmpty();
            }
            assertThat(kernel.failed()).isTrue();
        }
    }

    @Test
    void givenAFileThatIsNotThere_thenItIsSaidAndNothingIsLeft() throws IOException {
        assertThatThrownBy(() -> UnnamedCopy.of(folder.resolve("none")))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("none");
        assertThat(temporary()).isEmpty();
    }
}
