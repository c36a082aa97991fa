package dev.prefork.it.library;

import dev.prefork.it.support.Sources;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * A launcher such as One-JAR's: the jars in its jar are in memory, and their classes in a class
 * loader of its own, below that of the JDK's platform alone.
 */
final class OwnLauncher {
    private static final String SOURCE =
            """
            import java.io.*;
            import java.net.*;
            import java.util.*;
            import java.util.jar.*;

            public class Launcher extends ClassLoader {
                private final Map<String, byte[]> inside = new HashMap<>();

                Launcher(String jar) throws IOException {
                    super(ClassLoader.getPlatformClassLoader());
                    try (var outer = new JarInputStream(new FileInputStream(jar))) {
                        for (var entry = outer.getNextEntry(); entry != null; entry = outer.getNextEntry()) {
                            if (entry.getName().startsWith("lib/")) read(new JarInputStream(outer));
                        }
                    }
                }

                private void read(JarInputStream jar) throws IOException {
                    for (var entry = jar.getNextEntry(); entry != null; entry = jar.getNextEntry()) {
                        inside.putIfAbsent(entry.getName(), jar.readAllBytes());
                    }
                }

                @Override
                protected Class<?> findClass(String name) throws ClassNotFoundException {
                    byte[] bytes = inside.get(name.replace('.', '/') + ".class");
                    if (bytes == null) throw new ClassNotFoundException(name);
                    return defineClass(name, bytes, 0, bytes.length);
                }

                @Override
                protected URL findResource(String name) {
                    byte[] bytes = inside.get(name);
                    try {
                        return bytes == null ? null : URL.of(URI.create("memory:/" + name), new Handler(bytes));
                    } catch (MalformedURLException e) {
                        throw new IllegalArgumentException(e);
                    }
                }

                @Override
                protected Enumeration<URL> findResources(String name) {
                    URL found = findResource(name);
                    return Collections.enumeration(found == null ? List.of() : List.of(found));
                }

                public static void main(String[] args) throws Throwable {
                    var loader = new Launcher(System.getProperty("java.class.path"));
                    Thread.currentThread().setContextClassLoader(loader);
                    try {
                        loader.loadClass("Main").getMethod("main", String[].class).invoke(null, (Object) args);
                    } catch (java.lang.reflect.InvocationTargetException e) {
                        throw e.getCause();
                    }
                }

                static class Handler extends URLStreamHandler {
                    private final byte[] bytes;

                    Handler(byte[] bytes) {
                        this.bytes = bytes;
                    }

                    @Override
                    protected URLConnection openConnection(URL url) {
                        return new URLConnection(url) {
                            @Override
                            public void connect() {}

                            @Override
                            public InputStream getInputStream() {
                                return new ByteArrayInputStream(bytes);
                            }
                        };
                    }
                }
            }
            """;

    private OwnLauncher() {}

    /** One executable jar, with the {@link Sample} and the library inside. */
    static Path jar(Sources sources) throws IOException {
        Path classes = Library.compile(sources, Sample.NAME, Sample.SOURCE);
        List<Path> inside = List.of(Library.jar(), sources.jar("sample.jar", Sample.NAME, classes));
        Path launcher = Library.compile(sources, "Launcher", SOURCE);
        return sources.jar("fat.jar", launcher, Map.of("Main-Class", "Launcher"), inside);
    }
}
