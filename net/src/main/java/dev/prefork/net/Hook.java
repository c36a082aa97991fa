package dev.prefork.net;

import java.io.File;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.lang.invoke.MethodHandle;
import java.net.URL;
import java.security.CodeSource;
import java.util.List;
import java.util.Optional;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;

/**
 * A class of ours that lives in the JDK's package sun.nio.ch, and its constructor.
 *
 * <p>It is compiled as part of that package, carried in our jar as a resource, and defined there at
 * the first use. That may fail for want of a descriptor; the next use tries again, as a static
 * initialiser could not. Safe for any thread.
 */
final class Hook {
    private static final String RESOURCES = "META-INF/prefork/jdk/sun/nio/ch/";

    private final List<String> names;
    private final Class<?> type;
    private final Class<?>[] parameters;
    private volatile MethodHandle constructor;

    private Hook(List<String> names, Class<?> type, Class<?>... parameters) {
        this.names = names;
        this.type = type;
        this.parameters = parameters;
    }

    /**
     * Not yet defined.
     *
     * @param name of the class in its package
     * @param type what its constructor is said to return
     */
    static Hook of(String name, Class<?> type, Class<?>... parameters) {
        return new Hook(List.of(name), type, parameters);
    }

    /** The same, with another class of the package that it needs. */
    Hook with(String other) {
        return new Hook(List.of(other, names.getFirst()), type, parameters);
    }

    /** Of exactly the parameters and the type that were given. */
    MethodHandle constructor() throws IOException {
        MethodHandle known = constructor;
        return known == null ? define() : known;
    }

    private synchronized MethodHandle define() throws IOException {
        if (constructor == null) {
            Class<?> last = null;
            for (String name : names) {
                last = define(name);
            }
            MethodHandle found = Insides.constructor(last, parameters);
            constructor = found.asType(found.type().changeReturnType(type));
        }
        return constructor;
    }

    private static Class<?> define(String name) throws IOException {
        byte[] bytes = read(RESOURCES + name + ".class");
        try {
            return Insides.define(bytes);
        } catch (LinkageError e) {
            // Two class loaders of this JVM have our classes and the other one was first, or this
            // one tries again.
            try {
                return Insides.socketClass(name);
            } catch (IllegalStateException notThere) {
                e.addSuppressed(notThere);
                throw e;
            }
        }
    }

    /** A file of our own jar. */
    static byte[] read(String resource) throws IOException {
        Optional<File> sealed = sealedCopy();
        if (sealed.isPresent()) {
            return readFrom(sealed.get(), resource);
        }
        URL found = Hook.class.getResource("/" + resource);
        if (found == null) {
            throw new FileNotFoundException("cannot find " + resource + " beside our classes");
        }
        try (InputStream bytes = found.openStream()) {
            return bytes.readAllBytes();
        }
    }

    /**
     * Our jar, if it is memory that never changes. Read as what it is, so that no URLConnection is
     * made before the program's main: that would fix system properties and handlers of URLs.
     */
    private static Optional<File> sealedCopy() {
        if (OwnJar.isLoadedByTheJvm()) {
            return Optional.of(OwnJar.path().toFile());
        }
        return Optional.ofNullable(Hook.class.getProtectionDomain().getCodeSource())
                .map(CodeSource::getLocation)
                .filter(location -> location.getProtocol().equals("file"))
                .map(URL::getPath)
                .filter(path -> path.startsWith("/proc/"))
                .map(File::new);
    }

    private static byte[] readFrom(File archive, String name) throws IOException {
        try (ZipFile jar = new ZipFile(archive)) {
            ZipEntry entry = jar.getEntry(name);
            if (entry == null) {
                throw new FileNotFoundException("cannot find " + name + " in " + archive);
            }
            try (InputStream bytes = jar.getInputStream(entry)) {
                return bytes.readAllBytes();
            }
        }
    }
}
