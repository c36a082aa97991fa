package dev.prefork.worker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import static java.nio.charset.StandardCharsets.UTF_8;

import org.junit.jupiter.api.Test;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;

/** SPEC E1. */
class UnfitTest {
    private final ByteArrayOutputStream said = new ByteArrayOutputStream();

    @Test
    void givenAJvmWithoutTheOptions_whenItIsToBeAWorker_thenOneSentenceHasThemAll() {
        // The tests of this module do without that for java.net.
        assertThatIllegalStateException()
                .isThrownBy(Unfit::requireOptions)
                .withMessageContainingAll(
                        "prefork",
                        "-javaagent:/path/prefork.jar",
                        "--enable-native-access=ALL-UNNAMED",
                        "--add-opens=java.base/sun.nio.ch=ALL-UNNAMED");
    }

    @Test
    void givenAReason_whenItIsTold_thenItIsOneLineWithoutTheReasonsOfIt() {
        tell(new IllegalStateException("set this", new IOException("of the kernel")));

        assertThat(lines()).containsExactly("prefork: set this");
    }

    @Test
    void givenAReasonInsideAnError_whenItIsTold_thenItIsTheReason() {
        tell(new ExceptionInInitializerError(new IllegalCallerException("start it with this")));

        assertThat(lines()).containsExactly("prefork: start it with this");
    }

    private void tell(Throwable reason) {
        Unfit.tell(reason, new PrintStream(said, true, UTF_8));
    }

    private String[] lines() {
        return said.toString(UTF_8).lines().toArray(String[]::new);
    }
}
