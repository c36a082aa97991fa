package dev.prefork.classdata;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A process that makes the class data of one JVM: it has a worker note its classes, has the JVM
 * write them to an archive, and tries that. Ends at the end of its standard input, which its
 * starter holds open.
 *
 * <p>What is there is never written to: an archive gets its name when it is whole.
 */
public final class Training {
    /** The exit code when the JVM has said no; why is on standard output. */
    static final int REFUSED = 3;

    /** The end of the starter is the end of this. */
    private static final int ABANDONED = 1;

    private static final int MOST_ENTRIES = 4;
    private static final String LOCK = "lock";

    private final Entry entry;
    private final TrainedJvm jvm;
    private final Tool tool;

    private Training(Entry entry, TrainedJvm jvm) {
        this.entry = entry;
        this.jvm = jvm;
        this.tool = new Tool(jvm.java(), entry.temporary("output"));
    }

    /** What starts it. */
    static List<String> command(Entry entry, TrainedJvm jvm) {
        List<String> words =
                new ArrayList<>(
                        List.of(
                                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                                "-XX:TieredStopAtLevel=1",
                                "-XX:+UseSerialGC",
                                "-Xmx64m",
                                "--enable-native-access=ALL-UNNAMED",
                                "-cp",
                                entry.prefork().toString(),
                                Training.class.getName(),
                                entry.folder().toString(),
                                jvm.java().toString()));
        words.addAll(jvm.options());
        return words;
    }

    /**
     * Trains.
     *
     * @param arguments the folder of the class data, the executable of the JVM, its options
     */
    public static void main(String[] arguments) throws IOException, InterruptedException {
        Thread.ofPlatform().name("starter").daemon().start(Training::endWithStarter);
        List<String> words = List.of(arguments);
        Entry entry = new Entry(Path.of(words.get(0)));
        TrainedJvm jvm = new TrainedJvm(Path.of(words.get(1)), words.subList(2, words.size()));
        System.exit(trainAlone(entry, jvm));
    }

    private static void endWithStarter() {
        try (InputStream input = System.in) {
            input.transferTo(OutputStream.nullOutputStream());
        } catch (IOException gone) {
            // As its end.
        }
        System.exit(ABANDONED);
    }

    /** Who finds another one at work leaves it to that one. */
    private static int trainAlone(Entry entry, TrainedJvm jvm)
            throws IOException, InterruptedException {
        Path all = entry.folder().getParent();
        try (FileChannel file =
                        FileChannel.open(
                                all.resolve(LOCK),
                                StandardOpenOption.CREATE,
                                StandardOpenOption.WRITE);
                FileLock lock = file.tryLock()) {
            if (lock == null || entry.data().isPresent()) {
                return 0;
            }
            Optional<String> refusal = new Training(entry, jvm).train();
            if (refusal.isPresent()) {
                entry.refuse(refusal.get());
                System.out.println(refusal.get());
                return REFUSED;
            }
            Entry.keepNewest(MOST_ENTRIES, all);
            return 0;
        }
    }

    /** Returns why there will be none. */
    private Optional<String> train() throws IOException, InterruptedException {
        Path list = entry.temporary("classes");
        Path archive = entry.temporary("archive");
        try {
            Optional<String> refusal = Lesson.hold(jvm, entry.classes(), list);
            if (refusal.isEmpty()) {
                ClassList.join(jvm.java(), list);
                refusal = dump(list, archive).or(() -> attempt(archive));
            }
            if (refusal.isEmpty()) {
                Files.move(archive, entry.archive(), StandardCopyOption.ATOMIC_MOVE);
            }
            return refusal;
        } finally {
            Files.deleteIfExists(list);
            Files.deleteIfExists(archive);
            tool.forget();
        }
    }

    private Optional<String> dump(Path list, Path archive) {
        return tool.run(
                jvm.options(),
                "-Xshare:dump",
                "-XX:SharedClassListFile=" + list,
                "-XX:SharedArchiveFile=" + archive,
                "-Xbootclasspath/a:" + entry.classes(),
                // An agent's module is one of those that are there from the start.
                "--add-modules=java.instrument");
    }

    /**
     * As a worker will, but where it is no worker, and must: else the JVM would do without. It may
     * not even complain.
     */
    private Optional<String> attempt(Path archive) {
        return tool.runQuietly(
                jvm.options(),
                "-Xshare:on",
                "-XX:SharedArchiveFile=" + archive,
                "-Xbootclasspath/a:" + entry.classes(),
                "-javaagent:" + entry.prefork() + "=join",
                "-version");
    }
}
