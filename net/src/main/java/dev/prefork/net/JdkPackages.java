package dev.prefork.net;

import jdk.internal.access.JavaLangAccess;
import jdk.internal.access.SharedSecrets;

import java.lang.instrument.Instrumentation;
import java.util.Map;
import java.util.Set;

/**
 * Opens to our classes what they need of the JDK, in a JVM that runs already.
 *
 * <p>The options {@code --add-exports}, {@code --add-opens} and {@code --enable-native-access} do
 * the same. But each of them makes the JVM refuse an AOT cache that was trained without it, and go
 * without its archived module graph; and a program sees them in RuntimeMXBean.getInputArguments.
 */
public final class JdkPackages {
    private static final String CHANNELS = "sun.nio.ch";
    private static final String MISC = "jdk.internal.misc";
    private static final String SOCKETS = "java.net";

    /** The one through which the JDK's own modules open each other to all others. */
    private static final String ACCESS = "jdk.internal.access";

    private JdkPackages() {}

    /**
     * As the options would, for every unnamed module: a program may have a copy of our classes in a
     * class loader of its own.
     */
    public static void open(Instrumentation instrumentation) {
        Module base = Object.class.getModule();
        // On a module path a named module, for which what is for all unnamed ones is not.
        Set<Module> us = Set.of(JdkPackages.class.getModule());
        instrumentation.redefineModule(
                base,
                Set.of(),
                Map.of(ACCESS, us, CHANNELS, us, MISC, us),
                Map.of(CHANNELS, us, SOCKETS, us),
                Set.of(),
                Map.of());
        JavaLangAccess access = SharedSecrets.getJavaLangAccess();
        access.addExportsToAllUnnamed(base, ACCESS);
        access.addExportsToAllUnnamed(base, CHANNELS);
        access.addExportsToAllUnnamed(base, MISC);
        access.addOpensToAllUnnamed(base, CHANNELS);
        access.addOpensToAllUnnamed(base, SOCKETS);
        access.addEnableNativeAccessToAllUnnamed();
    }
}
