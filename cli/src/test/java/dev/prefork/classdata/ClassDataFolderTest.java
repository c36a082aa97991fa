package dev.prefork.classdata;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.prefork.ClassDataSource.ClassData;
import dev.prefork.ClassDataSource.Jvm;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import java.util.zip.ZipOutputStream;

/** Class data that is there, that is missing, and that is better not used. */
class ClassDataFolderTest {
    private static final String JAVA =
            Path.of(System.getProperty("java.home"), "bin", "java").toString();

    @TempDir Path temporary;
    private final List<ClassDataFolder.Wish> wishes = new ArrayList<>();
    private ClassDataFolder folder;
    private Jvm jvm;

    @BeforeEach
    void aJar() throws IOException {
        Path jar = temporary.resolve("prefork.jar");
        try (ZipOutputStream to = new ZipOutputStream(Files.newOutputStream(jar))) {
            for (String name :
                    List.of(
                            "META-INF/MANIFEST.MF",
                            "META-INF/services/some.Service",
                            "dev/prefork/Prefork.class",
                            "dev/prefork/launch/join.cjs",
                            "dev/prefork/shaded/picocli/CommandLine.class")) {
                to.putNextEntry(new ZipEntry(name));
                to.write(name.getBytes(StandardCharsets.UTF_8));
            }
        }
        folder = new ClassDataFolder(temporary.resolve("data"), wishes::add);
        jvm = new Jvm(JAVA, List.of("-XX:+UseSerialGC"), jar);
    }

    private Entry missed() {
        assertThat(folder.of(jvm)).isEmpty();
        return wishes.getLast().entry();
    }

    private Entry prepared() throws IOException {
        Entry entry = missed();
        wishes.getLast().prepare();
        return entry;
    }

    @Test
    void givenNone_whenAskedFor_thenItIsWishedForAndNothingWritten() throws IOException {
        Entry entry = missed();

        assertThat(wishes)
                .containsExactly(
                        new ClassDataFolder.Wish(
                                entry,
                                new TrainedJvm(Path.of(JAVA), List.of("-XX:+UseSerialGC")),
                                jvm.prefork(),
                                TrainedJvm.digest(Files.readAllBytes(jvm.prefork()))));
        assertThat(entry.folder()).doesNotExist();
    }

    @Test
    void givenAWish_whenItIsPrepared_thenItsJarsAreThere() throws IOException {
        Entry entry = prepared();

        assertThat(entry.prefork()).hasSameBinaryContentAs(jvm.prefork());
        try (ZipFile classes = new ZipFile(entry.classes().toFile())) {
            assertThat(classes.stream().map(ZipEntry::getName))
                    .containsExactly("dev/prefork/Prefork.class");
        }
        try (Stream<Path> files = Files.list(entry.folder())) {
            assertThat(files).hasSize(2);
        }
    }

    @Test
    void givenAnotherJarInItsPlace_whenItIsPrepared_thenItIsNotKept() throws IOException {
        Entry entry = missed();
        Files.writeString(jvm.prefork(), "another");

        assertThatThrownBy(wishes.getLast()::prepare)
                .isInstanceOf(IOException.class)
                .hasMessageContaining("is another jar");
        assertThat(entry.prefork()).doesNotExist();
    }

    @Test
    void givenAnArchive_whenAskedFor_thenItIsUsed() throws IOException {
        Entry entry = prepared();
        Files.createFile(entry.archive());

        assertThat(folder.of(jvm)).contains(new ClassData(entry.classes(), entry.archive()));
        assertThat(wishes).hasSize(1);
    }

    @Test
    void givenAFolderThatOthersMayWriteTo_whenAskedFor_thenItsContentIsNotUsed()
            throws IOException {
        Entry entry = prepared();
        Files.createFile(entry.archive());

        Files.setPosixFilePermissions(entry.folder(), PosixFilePermissions.fromString("rwxrwxrwx"));

        assertThat(folder.of(jvm)).isEmpty();
    }

    @Test
    void givenThatItWasRefused_whenAskedForSoonOrLate_thenItIsTriedAgainLate() throws IOException {
        Entry entry = prepared();
        entry.refuse("no");
        assertThat(folder.of(jvm)).isEmpty();
        assertThat(wishes).hasSize(1);

        Files.setLastModifiedTime(
                entry.folder().resolve("refused"),
                FileTime.from(Instant.now().minus(Duration.ofHours(25))));

        assertThat(folder.of(jvm)).isEmpty();
        assertThat(wishes).hasSize(2);
    }

    @Test
    void givenNoPlace_whenItIsTrained_thenThatIsSaid() throws Exception {
        Files.createFile(temporary.resolve("data"));
        BlockingQueue<String> refused = new LinkedBlockingQueue<>();

        try (TrainingProcess training = new TrainingProcess(Duration.ZERO, refused::add)) {
            assertThat(new ClassDataFolder(temporary.resolve("data"), training).of(jvm)).isEmpty();

            assertThat(refused.poll(10, TimeUnit.SECONDS))
                    .startsWith("cannot write to " + temporary.resolve("data"));
        }
    }

    @Test
    void givenAnExecutableThatIsNoJdks_whenAskedFor_thenThereIsNone() {
        assertThat(folder.of(new Jvm("/bin/sh", List.of(), jvm.prefork()))).isEmpty();
        assertThat(folder.of(new Jvm("java", List.of(), jvm.prefork()))).isEmpty();
    }

    @Test
    void givenMoreThanAreKept_whenTheyAreRemoved_thenThoseThatWereUsedLastStay()
            throws IOException {
        for (int i = 1; i <= 3; i++) {
            Path entry = Files.createDirectories(temporary.resolve("data/" + i));
            Files.createFile(entry.resolve("classes.jsa"));
            Files.setLastModifiedTime(entry, FileTime.fromMillis(i * 1000L));
        }
        new Entry(temporary.resolve("data/1")).touch();

        Entry.keepNewest(2, temporary.resolve("data"));

        try (Stream<Path> left = Files.list(temporary.resolve("data"))) {
            assertThat(left.map(Path::getFileName).map(Path::toString).toList())
                    .containsExactlyInAnyOrder("1", "3");
        }
    }

    @Test
    void givenAPathThatTheJvmWouldTakeForTwo_thenItCannotBeIt() {
        assertThat(ClassDataFolder.canBe(Path.of("/a:b"))).isFalse();
        assertThat(ClassDataFolder.canBe(Path.of("a"))).isFalse();
        assertThat(ClassDataFolder.canBe(Path.of("/a"))).isTrue();
    }
}
