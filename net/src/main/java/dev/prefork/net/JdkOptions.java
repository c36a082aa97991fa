package dev.prefork.net;

import java.nio.channels.Channel;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The options by which a JVM lets us into its sockets. Workers have them from their primary;
 * another JVM needs them when a socket is sent, received or made of a descriptor, and not before.
 * Safe for any thread.
 */
public final class JdkOptions {
    private static final Module BASE = Object.class.getModule();
    private static final Module US = JdkOptions.class.getModule();
    private static final String CHANNELS = "sun.nio.ch";
    private static final String SOCKETS = "java.net";

    private JdkOptions() {}

    /**
     * Refuses what cannot be done here.
     *
     * @throws IllegalStateException that names the options
     */
    public static void require(String act) {
        missing(act)
                .ifPresent(
                        sentence -> {
                            throw new IllegalStateException(sentence);
                        });
    }

    /**
     * As {@link #require(String)}.
     *
     * @param socket that it is done with: what is no channel is opened by one option more
     */
    public static void require(String act, Object socket) {
        if (!areOpen()) {
            throw new IllegalStateException(
                    socket instanceof Channel
                            ? sentence(act, CHANNELS)
                            : sentence(act, CHANNELS, SOCKETS));
        }
    }

    /** What {@link #require(String)} would say. */
    public static Optional<String> missing(String act) {
        return areOpen() ? Optional.empty() : Optional.of(sentence(act, CHANNELS));
    }

    /**
     * Whether this JVM lets us in as far as a worker needs it. Without streams: it is asked in
     * every worker before its main.
     */
    public static boolean areThoseOfAWorker() {
        for (String exported : List.of(CHANNELS, "jdk.internal.access", "jdk.internal.misc")) {
            if (!BASE.isExported(exported, US)) {
                return false;
            }
        }
        return BASE.isOpen(CHANNELS, US) && BASE.isOpen(SOCKETS, US);
    }

    private static boolean areOpen() {
        return BASE.isExported(CHANNELS, US) && BASE.isOpen(CHANNELS, US);
    }

    private static String sentence(String act, String... opened) {
        String us = US.isNamed() ? US.getName() : "ALL-UNNAMED";
        String options =
                Stream.of(opened)
                        .map(name -> " --add-opens java.base/" + name + "=" + us)
                        .collect(Collectors.joining());
        String attribute =
                Stream.of(opened).map(name -> " java.base/" + name).collect(Collectors.joining());
        return act
                + " needs this JVM to be started with --add-exports java.base/"
                + CHANNELS
                + "="
                + us
                + options
                + ", or from a jar whose manifest has Add-Exports: java.base/"
                + CHANNELS
                + " and Add-Opens:"
                + attribute;
    }
}
