package dev.prefork.budget;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** What a worker's JVM is told, and what the user's own options leave of it. */
class AllotmentTest {
    private static final String SERIAL = "-XX:+UseSerialGC";
    private static final String HEADERS = "-XX:+UseCompactObjectHeaders";

    /** Five JVMs in a gigabyte. */
    private static final Budget SMALL = new Budget(1L << 30, 8, 4, 5, 0);

    /** Three in 24, with processors for more. */
    private static final Budget LARGE = new Budget(24L << 30, 8, 2, 3, 0);

    /** Likewise, and a processor for each that serves. */
    private static final Budget ONE_EACH = new Budget(24L << 30, 2, 2, 3, 0);

    private static final String FIRST_HEAP = "-XX:InitialRAMPercentage=0.1302";
    private static final String TRIM = "-XX:TrimNativeHeapInterval=60000";

    @TempDir Path home;

    @BeforeEach
    void aJdk() throws IOException {
        Files.createDirectories(home.resolve("lib/server"));
        create("libjvm.so");
        create("classes.jsa");
        create("classes_coh.jsa");
        Files.writeString(home.resolve("release"), "JAVA_VERSION=\"25\"\nLIBC=\"gnu\"\n");
    }

    private void create(String file) throws IOException {
        Files.writeString(home.resolve("lib/server").resolve(file), "");
    }

    private void delete(String file) throws IOException {
        Files.delete(home.resolve("lib/server").resolve(file));
    }

    private List<String> options(Budget budget, String... asked) {
        return Allotment.of(budget, home, List.of(asked)).options();
    }

    @Test
    void givenLittleMemory_thenHeapCollectorAndHeadersAreChosen() {
        assertThat(options(SMALL)).containsExactly("-Xmx121m", HEADERS, TRIM, SERIAL);
    }

    @Test
    void givenEnough_thenTheHeapIsWhatJavaTakesButSmallAtFirst() {
        assertThat(options(LARGE)).containsExactly(FIRST_HEAP, HEADERS, TRIM);
    }

    @Test
    void givenOneProcessorEach_thenTheCollectorIsForOne() {
        assertThat(options(ONE_EACH)).containsExactly(FIRST_HEAP, HEADERS, TRIM, SERIAL);
        assertThat(options(ONE_EACH, "-Xmx1g")).contains(SERIAL);
    }

    @ParameterizedTest
    @ValueSource(strings = {"-Xmx2g", "-XX:MaxHeapSize=1025m", "-XX:+UseG1GC", "-XX:AOTCache=x"})
    void givenOneProcessorEachAndALargeHeap_thenTheCollectorIsJavas(String option) {
        assertThat(options(ONE_EACH, option)).doesNotContain(SERIAL);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "-Xms64m",
                "-ms1g",
                "-Xmn8m",
                "-XX:InitialHeapSize=1g",
                "-XX:MinHeapSize=1g",
                "-XX:NewSize=10m",
                "-XX:InitialRAMPercentage=2.5",
                "-XX:MaxRAM=4g"
            })
    void givenAFirstHeapOfTheUsers_thenItStays(String option) {
        assertThat(options(LARGE, option)).containsExactly(HEADERS, TRIM);
    }

    @Test
    void givenTrimmingOfTheUsersOrNothingToTrim_thenNoneIsAdded() throws IOException {
        assertThat(options(LARGE, "-XX:TrimNativeHeapInterval=0"))
                .containsExactly(FIRST_HEAP, HEADERS);
        Files.writeString(home.resolve("release"), "LIBC=\"musl\"\n");
        assertThat(options(LARGE)).containsExactly(FIRST_HEAP, HEADERS);
        Files.delete(home.resolve("release"));
        assertThat(options(LARGE)).containsExactly(FIRST_HEAP, HEADERS);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "-Xmx2g",
                "-mx2g",
                "-ms1g",
                "-Xms512m",
                "-Xmn64m",
                "-XX:MaxHeapSize=1g",
                "-XX:InitialHeapSize=1g",
                "-XX:NewSize=10m",
                "-XX:MaxRAMPercentage=75",
                "-XX:InitialRAMPercentage=20.0",
                "-XX:MaxRAM=1g",
                "-XX:SoftMaxHeapSize=1g",
                "-XX:+AggressiveHeap"
            })
    void givenAHeapOfTheUsers_thenItStays(String option) {
        assertThat(options(SMALL, option)).containsExactly(HEADERS, TRIM);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"-Xmx64m", "-Xmx256M", "-XX:MaxHeapSize=65536k", "-Xmx67108864", "-Xmx0g"})
    void givenASmallHeapOfTheUsers_thenItHasTheSerialCollector(String option) {
        assertThat(options(LARGE, "-Xmx8g", option))
                .containsExactly(FIRST_HEAP, HEADERS, TRIM, SERIAL);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "-XX:+UseG1GC",
                "-XX:-UseSerialGC",
                "-XX:+UseZGC",
                "-XX:+UseParallelGC",
                "-XX:+UseEpsilonGC",
                "-XX:G1HeapRegionSize=1m",
                "-XX:+G1UseAdaptiveIHOP",
                "-XX:ZCollectionInterval=1",
                "-XX:ShenandoahGCHeuristics=compact",
                "-XX:ParallelGCThreads=2",
                "-XX:MaxGCPauseMillis=20"
            })
    void givenACollectorOfTheUsers_thenItStays(String option) {
        assertThat(options(SMALL, option)).containsExactly("-Xmx121m", HEADERS, TRIM);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "-XX:+HeapDumpOnOutOfMemoryError",
                "-XX:HeapDumpPath=x",
                "-XX:+DisableExplicitGC",
                "-Xlog:gc",
                "-Xss1m",
                "-XX:MaxMetaspaceSize=64m",
                "-XX:+ZeroTLAB",
                "-Dapp=-Xmx"
            })
    void givenOptionsAboutOtherThings_thenAllIsChosen(String option) {
        assertThat(options(SMALL, option)).containsExactly("-Xmx121m", HEADERS, TRIM, SERIAL);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "-Xshare:off",
                "-XX:SharedArchiveFile=x",
                "-XX:AOTCache=x",
                "-XX:+AutoCreateSharedArchive"
            })
    void givenAnArchiveOfTheUsers_thenItGoesWithWhatTheWorkerHas(String option) {
        assertThat(options(SMALL, option)).containsExactly("-Xmx121m", TRIM);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "-XX:-UseCompactObjectHeaders",
                "-XX:+UseCompactObjectHeaders",
                "-XX:-UseCompressedClassPointers",
                "-XX:-UseObjectMonitorTable",
                "-XX:LockingMode=1"
            })
    void givenHeadersOfTheUsers_thenTheyStay(String option) {
        assertThat(options(SMALL, option)).containsExactly("-Xmx121m", TRIM, SERIAL);
    }

    @ParameterizedTest
    @ValueSource(strings = {"-XX:Flags=x", "-XX:+UseJVMCICompiler", "-XX:+EnableJVMCI"})
    void givenOptionsThatCannotBeSeenThrough_thenNothingIsChosen(String option) {
        assertThat(options(SMALL, option)).isEmpty();
    }

    @Test
    void givenAJvmOfAnotherKind_thenNothingIsChosen() throws IOException {
        delete("libjvm.so");

        assertThat(options(SMALL)).isEmpty();
    }

    @Test
    void givenAJdkWithoutItsArchiveForCompactHeaders_thenTheyAreNotChosen() throws IOException {
        delete("classes_coh.jsa");

        assertThat(options(LARGE)).containsExactly(FIRST_HEAP, TRIM);
    }

    @Test
    void givenAnImageWithoutAnyArchive_thenTheyCostNothing() throws IOException {
        delete("classes.jsa");
        delete("classes_coh.jsa");

        assertThat(options(LARGE)).containsExactly(FIRST_HEAP, HEADERS, TRIM);
    }
}
