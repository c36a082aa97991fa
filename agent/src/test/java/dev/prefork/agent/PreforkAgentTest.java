package dev.prefork.agent;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;

class PreforkAgentTest {
    private static final String VERSION = "java.specification.version";
    private static final String PROGRAM = "sun.java.command";

    private final String version = System.getProperty(VERSION);
    private final String program = System.getProperty(PROGRAM);
    private final PrintStream err = System.err;
    private final ByteArrayOutputStream said = new ByteArrayOutputStream();

    @AfterEach
    void restore() {
        System.setErr(err);
        System.setProperty(VERSION, version);
        System.setProperty(PROGRAM, program);
    }

    private String joinWith(String feature) {
        System.setErr(new PrintStream(said, true, StandardCharsets.UTF_8));
        System.setProperty(VERSION, feature);
        PreforkAgent.premain("join", null);
        return said.toString(StandardCharsets.UTF_8);
    }

    @Test
    void givenTheOldestJavaThatReadsOfAnAgentInAVariable_whenItLoadsOurs_thenItCan()
            throws IOException {
        try (DataInputStream file =
                new DataInputStream(PreforkAgent.class.getResourceAsStream("PreforkAgent.class"))) {
            assertThat(file.readInt()).isEqualTo(0xCAFEBABE);
            assertThat(file.readUnsignedShort()).isZero();
            assertThat(file.readUnsignedShort()).as("Java 9").isEqualTo(53);
        }
    }

    @Test
    void givenAnOldJava_whenItRunsAProgram_thenItSaysThatItIsTooOldAndDoesNoMore() {
        assertThat(joinWith("17")).startsWith("prefork: the Java 17 in ").contains("JAVA_HOME");
    }

    @Test
    void givenWhatTheUserCanMend_whenAWorkerCannotStart_thenItIsOneLine() {
        PreforkAgent.tellThatItCannotGoOn(
                new IllegalStateException("start it with --an-option", new IOException("x")),
                new PrintStream(said, true, StandardCharsets.UTF_8));

        assertThat(said.toString(StandardCharsets.UTF_8).lines())
                .containsExactly("prefork: start it with --an-option");
    }

    @Test
    void givenWhatNobodyHasExpected_whenAWorkerCannotStart_thenAllOfItIsThere() {
        PreforkAgent.tellThatItCannotGoOn(
                new NullPointerException("a fault of ours"),
                new PrintStream(said, true, StandardCharsets.UTF_8));

        assertThat(said.toString(StandardCharsets.UTF_8).lines())
                .startsWith("prefork: java.lang.NullPointerException: a fault of ours")
                .anyMatch(line -> line.contains("PreforkAgentTest"));
    }

    @Test
    void givenAnOldJava_whenItRunsNoProgram_thenItSaysNothing() {
        System.clearProperty(PROGRAM);

        assertThat(joinWith("17")).isEmpty();
    }
}
