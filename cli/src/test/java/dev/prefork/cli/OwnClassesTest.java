package dev.prefork.cli;

import static org.assertj.core.api.Assertions.assertThat;

import static java.nio.charset.StandardCharsets.UTF_8;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.Supplier;
import java.util.jar.JarOutputStream;
import java.util.zip.ZipEntry;

/** Classes that are there although their jar is not any more (SPEC F10). */
class OwnClassesTest {
    @TempDir Path folder;

    /** A jar of some classes, and of things that only look like classes of ours. */
    private Path jar(Class<?>... classes) throws IOException {
        Path file = folder.resolve("some.jar");
        try (OutputStream out = Files.newOutputStream(file);
                JarOutputStream jar = new JarOutputStream(out)) {
            for (Class<?> type : classes) {
                String name = type.getName().replace('.', '/') + ".class";
                jar.putNextEntry(new ZipEntry(name));
                try (InputStream bytes = type.getClassLoader().getResourceAsStream(name)) {
                    bytes.transferTo(jar);
                }
            }
            for (String name :
                    new String[] {
                        "acme/Theirs.class",
                        "dev/prefork/shaded/picocli/Words.class",
                        "dev/prefork/Broken.class",
                        "dev/prefork/text"
                    }) {
                jar.putNextEntry(new ZipEntry(name));
                jar.write("no class".getBytes(UTF_8));
            }
        }
        return file;
    }

    private static URLClassLoader loader(Path jar) throws IOException {
        return new URLClassLoader(new URL[] {jar.toUri().toURL()}, null);
    }

    @Test
    void givenClassesThatWereLoaded_whenTheirJarIsOverwritten_thenTheyAreThereAllTheSame()
            throws Exception {
        Path jar = jar(Speaker.class, Words.class);

        try (URLClassLoader loader = loader(jar)) {
            assertThat(OwnClasses.load(jar, loader)).isEqualTo(2);
            Files.writeString(jar, "garbage");

            Class<?> type = loader.loadClass(Speaker.class.getName());
            assertThat(type.getClassLoader()).isSameAs(loader);
            assertThat(type.getDeclaredConstructor().newInstance()).hasToString("a word");
        }
    }

    @Test
    void givenAJarThatIsNotOne_whenItsClassesAreToBeLoaded_thenThereAreNone() throws Exception {
        Path garbage = Files.writeString(folder.resolve("garbage.jar"), "garbage");

        try (URLClassLoader loader = loader(garbage)) {
            assertThat(OwnClasses.load(garbage, loader)).isZero();
            assertThat(OwnClasses.load(folder.resolve("nothing.jar"), loader)).isZero();
        }
    }

    /** Needs the other one when it is used. */
    public static final class Speaker {
        @Override
        public String toString() {
            return Words.WORD.get();
        }
    }

    /** Is initialised when it is used. */
    static final class Words {
        static final Supplier<String> WORD = () -> "a word";

        private Words() {}
    }
}
