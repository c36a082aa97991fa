package dev.prefork.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

class CheckoutTest {
    @TempDir private Path folder;

    @Test
    void givenAFolderOfSomethingElse_whenBuilt_thenItIsNoCheckout() {
        Checkout checkout = new Checkout(folder);

        assertThatThrownBy(checkout::build)
                .isInstanceOf(Checkout.UnusableException.class)
                .hasMessageContaining(folder + " is no checkout of ours");
    }

    @Test
    void givenACommandThatFails_whenBuilt_thenItSaysSo() throws IOException {
        Checkout checkout = new Checkout(folder);
        command("exit 3");

        assertThatThrownBy(checkout::build)
                .isInstanceOf(Checkout.UnusableException.class)
                .hasMessage(folder + "/prefork example ends with 3; it must build first");
    }

    @Test
    void givenNoJars_whenAskedForItsClassPath_thenItSaysWhatToRun() throws Exception {
        Checkout checkout = new Checkout(folder);
        command("exit 0");
        checkout.build();

        assertThatThrownBy(checkout::classPath)
                .isInstanceOf(Checkout.UnusableException.class)
                .hasMessageContaining("run " + folder + "/prefork example");
    }

    @Test
    void givenABuild_whenAskedForItsClassPath_thenNoClassOfThisBuildIsOnIt() throws Exception {
        Checkout checkout = new Checkout(folder);
        Path examples = Files.createDirectories(folder.resolve("examples/target/fast/lib"));
        Files.createFile(examples.resolve("prefork-cluster.jar"));
        Files.createFile(examples.resolveSibling("prefork-examples.jar"));
        Files.createFile(
                Files.createDirectories(folder.resolve("bench/target/fast"))
                        .resolve("prefork-bench.jar"));

        String classPath = checkout.classPath();

        assertThat(classPath.split(":"))
                .hasSize(3)
                .allMatch(jar -> jar.startsWith(folder.toString()))
                .anyMatch(jar -> jar.endsWith("/prefork-cluster.jar"));
    }

    @Test
    void givenABuildOfItsLauncher_thenTheCommandIsInItsFolder() throws IOException {
        Path build = Files.createDirectories(folder.resolve("target/builds/one"));
        Files.createSymbolicLink(build.resolveSibling("current"), Path.of("one"));

        assertThat(new Checkout(folder).prefork())
                .isEqualTo(build.toRealPath().resolve("prefork.jar"));
    }

    @Test
    void givenAnOlderCheckout_thenTheCommandIsThatOfMaven() throws IOException {
        assertThat(new Checkout(folder).prefork())
                .isEqualTo(folder.resolve("cli/target/fast/prefork.jar"));
    }

    private void command(String script) throws IOException {
        Path command = Files.writeString(folder.resolve("prefork"), "#!/bin/sh\n" + script + "\n");
        assertThat(command.toFile().setExecutable(true)).isTrue();
    }
}
