package dev.prefork.classdata;

import static org.assertj.core.api.Assertions.assertThat;

import dev.prefork.ClassDataSource.Jvm;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/** What class data depends on, and with what there is none. */
class TrainedJvmTest {
    private static final String JAVA =
            Path.of(System.getProperty("java.home"), "bin", "java").toString();

    private static Jvm jvm(String... options) {
        return new Jvm(JAVA, List.of(options), Path.of("prefork.jar"));
    }

    private static String key(String ours, String... options) throws IOException {
        return TrainedJvm.of(jvm(options)).orElseThrow().key(ours);
    }

    @Test
    void givenOptionsOfTheProgramAlone_whenTheyDiffer_thenItIsTheSameJvm() throws IOException {
        assertThat(key("a", "-cp", "a.jar", "-Dport=1", "-Xlog:gc:file=x", "-XX:+UseSerialGC"))
                .isEqualTo(key("a", "-XX:+UseSerialGC"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "-Xms1g",
                "-Xmn8m",
                "-Xss512k",
                "-XX:InitialRAMPercentage=0.1",
                "-XX:MaxMetaspaceSize=64m",
                "-XX:TieredStopAtLevel=1",
                "-XX:+HeapDumpOnOutOfMemoryError",
                "-XX:+ExitOnOutOfMemoryError",
                "-javaagent:agent.jar=words",
                "-agentlib:jdwp=transport=dt_socket",
                "-XX:FlightRecorderOptions:stackdepth=64"
            })
    void givenASizeOrSomebodysAgent_whenItDiffers_thenItIsTheSameJvm(String option)
            throws IOException {
        assertThat(key("a", option)).isEqualTo(key("a"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"-Xmx64m", "-Xmx4g", "-Xmx29g", "-Xmx9999m", "-Xmx1073741824"})
    void givenAHeapWithCompressedReferences_whenItDiffers_thenItIsTheSameJvm(String option)
            throws IOException {
        assertThat(key("a", option)).isEqualTo(key("a", "-Xmx256m")).isNotEqualTo(key("a"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"-Xmx30g", "-Xmx40g", "-Xmx100G", "-Xmx1t", "-Xmx40960m", "-Xmx42949672960"})
    void givenAHeapWithoutThem_thenItIsAnotherJvm(String option) throws IOException {
        assertThat(key("a", option)).isNotEqualTo(key("a", "-Xmx256m"));
    }

    @Test
    void givenAFlightRecording_thenItsModuleIsTrainedAndNothingIsRecorded() {
        assertThat(
                        TrainedJvm.of(jvm("-XX:StartFlightRecording=filename=a.jfr"))
                                .orElseThrow()
                                .options())
                .containsExactly("--add-modules=jdk.jfr");
    }

    @Test
    void givenOptionsThatMayMatter_whenTheyDiffer_thenItIsAnotherJvm() throws IOException {
        assertThat(List.of(key("a"), key("b"), key("a", "-Xint"), key("a", "-XX:+UseSerialGC")))
                .doesNotHaveDuplicates();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "-Xshare:off",
                "-XX:SharedArchiveFile=x",
                "-XX:+AutoCreateSharedArchive",
                "-XX:ArchiveClassesAtExit=x",
                "-XX:-ArchiveDynamicProxies",
                "-XX:AOTCache=x",
                "-XX:AOTMode=off",
                "-XX:DumpLoadedClassList=x",
                "-Xbootclasspath/a:x",
                "-agentlib:hprof",
                "-agentpath:x",
                "-Xrunjdwp",
                "-XX:+EnableJVMCI",
                "-XX:OnOutOfMemoryError=kill",
                "--patch-module=java.base=x",
                "--limit-modules",
                "--module-path=x",
                "-p",
                "--upgrade-module-path=x"
            })
    void givenWhatATrainingMustNotDo_thenThereIsNone(String option) {
        assertThat(TrainedJvm.of(jvm("-Xmx64m", option))).isEmpty();
    }
}
