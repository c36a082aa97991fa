package dev.prefork.classdata;

import dev.prefork.ClassDataSource;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;

/** The class data that there is. What is missing is asked for, and there for a later fork. */
public final class ClassDataFolder implements ClassDataSource {
    /**
     * Class data that was asked for, and is not there.
     *
     * @param prefork what it is to be made of
     * @param digest of that
     */
    record Wish(Entry entry, TrainedJvm jvm, Path prefork, String digest) {
        void prepare() throws IOException {
            entry.prepare(prefork, digest);
        }
    }

    private final Path folder;
    private final Consumer<Wish> wishes;

    /** Digests of our jars. */
    private final Map<Path, String> jars = new ConcurrentHashMap<>();

    /**
     * In this folder, which may not be there yet.
     *
     * @param training makes what is missing
     */
    public ClassDataFolder(Path folder, TrainingProcess training) {
        this(folder, training::wish);
    }

    ClassDataFolder(Path folder, Consumer<Wish> wishes) {
        this.folder = folder.toAbsolutePath();
        this.wishes = wishes;
    }

    /** Whether the JVM can be told of files in it, whose names it separates by colons. */
    public static boolean canBe(Path folder) {
        return folder.isAbsolute() && folder.toString().indexOf(':') < 0;
    }

    @Override
    public Optional<ClassData> of(Jvm asked) {
        try {
            Optional<Wish> all = wish(asked);
            if (all.isEmpty()) {
                return Optional.empty();
            }
            Entry entry = all.get().entry();
            Optional<ClassData> data = entry.data();
            if (data.isPresent()) {
                entry.touch();
            } else if (!entry.isRefused()) {
                wishes.accept(all.get());
            }
            return data;
        } catch (IOException | InvalidPathException noPlaceForIt) {
            // Or a JDK of another shape: it starts as it always did.
            return Optional.empty();
        }
    }

    /**
     * All that such a JVM can have, whether it is there or not.
     *
     * @return empty for one that is better left alone
     * @throws IOException when the JDK is not like any that we know
     */
    Optional<Wish> wish(Jvm asked) throws IOException {
        Optional<TrainedJvm> jvm = TrainedJvm.of(asked);
        if (jvm.isEmpty()) {
            return Optional.empty();
        }
        String digest = digest(asked.prefork());
        Entry entry = new Entry(folder.resolve(jvm.get().key(digest)));
        return Optional.of(new Wish(entry, jvm.get(), asked.prefork(), digest));
    }

    private String digest(Path jar) throws IOException {
        String known = jars.get(jar);
        if (known == null) {
            known = TrainedJvm.digest(Files.readAllBytes(jar));
            jars.put(jar, known);
        }
        return known;
    }
}
