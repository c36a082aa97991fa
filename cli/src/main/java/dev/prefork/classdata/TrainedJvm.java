package dev.prefork.classdata;

import dev.prefork.ClassDataSource.Jvm;
import dev.prefork.launch.WorkerJvm;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * What class data depends on: a JDK, and those of a worker's options that may matter to it. Which
 * do is the JVM's secret, so all count but those that surely do not.
 *
 * @param java its executable
 */
record TrainedJvm(Path java, List<String> options) {
    /**
     * With these there is none: they are about class data themselves, change the JDK's classes, or
     * may do at the JVM's start what a training must not. Source: java(1) of JDK 25.
     */
    private static final Pattern WITHOUT =
            Pattern.compile(
                    "-Xshare.*|-XX:[+-]?(?:Shared|AutoCreateShared|RecordDynamic|Archive|DumpLoaded|AOT)"
                        + ".*|-Xbootclasspath.*|-agentpath:.*|-agentlib:(?!jdwp).*|-Xrun.*|-Xdebug"
                        + "|-XX:[+-]?.*JVMCI.*|-XX:Flags=.*|-XX:On(?:OutOfMemory)?Error=.*"
                        + "|--(?:patch-module|upgrade-module-path|limit-modules|module-path).*|-p");

    /**
     * What only the program sees, and where only it is; how large; and whose code there is besides:
     * a JVM with Java agents or a debugger can use what one without them has made.
     */
    private static final Pattern WITHOUT_EFFECT =
            Pattern.compile(
                    "-D.*|-Xlog.*|-verbose.*|--class-path=.*|-javaagent:.*|-agentlib:jdwp.*"
                        + "|-XX:FlightRecorderOptions.*|-X(?:m[ns]|ss)\\d.*"
                        + "|-XX:(?:Min|Initial|SoftMax)HeapSize=.*|-XX:(?:Max)?NewSize=.*"
                        + "|-XX:(?:InitialRAMPercentage|TrimNativeHeapInterval)=.*"
                        + "|-XX:(?:MaxMetaspace|MaxDirectMemory|ReservedCodeCache|ThreadStack)Size=.*"
                        + "|-XX:(?:TieredStopAtLevel|CICompilerCount|MaxGCPauseMillis)=.*"
                        + "|-XX:[+-](?:HeapDump|Exit|Crash)OnOutOfMemoryError|-XX:HeapDumpPath=.*");

    /** References are compressed in all heaps up to almost 32 GB, and in archives for them. */
    private static final Pattern HEAP = Pattern.compile("-Xmx\\d.*");

    private static final Pattern LARGE_HEAP =
            Pattern.compile(
                    "-Xmx(?:\\d+[tT]|(?:[3-9]\\d|\\d{3,})[gG]|\\d{5,}[mM]|\\d{8,}[kK]|\\d{11,})");

    private static final String ANY_OTHER_HEAP = "-Xmx256m";

    private static final Pattern FLIGHT_RECORDING = Pattern.compile("-XX:StartFlightRecording.*");

    /** The JVM adds it by itself, and class data is of a set of modules. */
    private static final String FLIGHT_RECORDER = "--add-modules=jdk.jfr";

    private static final Set<String> PATHS = Set.of("-cp", "-classpath", "--class-path");

    private static final int KEY_BYTES = 12;

    /** Empty for one that is better left alone. */
    static Optional<TrainedJvm> of(Jvm jvm) {
        List<String> kept = new ArrayList<>();
        for (int i = 0; i < jvm.options().size(); i++) {
            String word = jvm.options().get(i);
            if (WITHOUT.matcher(word).matches()) {
                return Optional.empty();
            } else if (PATHS.contains(word)) {
                i++;
            } else if (!WITHOUT_EFFECT.matcher(word).matches()) {
                kept.add(trained(word));
            }
        }
        return Optional.of(new TrainedJvm(Path.of(jvm.java()), kept.stream().distinct().toList()));
    }

    private static String trained(String word) {
        if (FLIGHT_RECORDING.matcher(word).matches()) {
            return FLIGHT_RECORDER;
        }
        boolean isSmall = HEAP.matcher(word).matches() && !LARGE_HEAP.matcher(word).matches();
        return isSmall ? ANY_OTHER_HEAP : word;
    }

    /**
     * A name that no other JVM has, and not this one after an update.
     *
     * @param ours what our jar is
     * @throws IOException when the JDK is not like any that we know
     */
    String key(String ours) throws IOException {
        Path home = WorkerJvm.homeOf(java);
        Path library = home.resolve("lib/server/libjvm.so");
        List<String> parts = new ArrayList<>();
        parts.add(ours);
        parts.add(home.toString());
        parts.add(Files.readString(home.resolve("release")));
        parts.add(Files.size(library) + " " + Files.getLastModifiedTime(library));
        parts.addAll(options);
        return digest(String.join("\0", parts).getBytes(StandardCharsets.UTF_8));
    }

    static String digest(byte[] content) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(content);
            return HexFormat.of().formatHex(digest, 0, KEY_BYTES);
        } catch (NoSuchAlgorithmException everyJdkHasIt) {
            throw new IllegalStateException(everyJdkHasIt);
        }
    }
}
