package dev.prefork.budget;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a worker's JVM is told, beside the user's own options and never against them. Source of what
 * they mean: java(1) of JDK 25.
 *
 * @param heapMegabytes the most heap that it takes, where that is less than it would take alone
 * @param serial whether it has the serial collector: with a small heap others cost more than they
 *     save
 * @param compactHeaders whether its objects have headers of 8 instead of 12 bytes
 */
record Allotment(OptionalLong heapMegabytes, boolean serial, boolean compactHeaders) {
    static final Allotment NONE = new Allotment(OptionalLong.empty(), false, false);

    /** Heaps up to this are small. */
    private static final long SMALL_HEAP_MEGABYTES = 256;

    private static final long MEGABYTE = 1 << 20;

    /** What they say cannot be seen. */
    private static final Pattern UNKNOWN = Pattern.compile("-XX:Flags=.*|-XX:.*JVMCI.*");

    private static final Pattern HEAP =
            Pattern.compile(
                    "-X?m[xs]\\d.*|-Xmn.*|-XX:(?:Max|Min|Initial|SoftMax)?HeapSize=.*|-XX:(?:Max)?NewSize=.*"
                        + "|-XX:(?:Max|Min|Initial)RAM\\w*=.*|-XX:\\+AggressiveHeap");

    private static final Pattern MOST_HEAP =
            Pattern.compile("(?:-X?mx|-XX:MaxHeapSize=)(\\d{1,9})([kKmMgGtT]?)");

    /** That it is to be another one, or how one works that has this to set. */
    private static final Pattern COLLECTOR =
            Pattern.compile(
                    "-XX:[+-]Use\\w*GC|-XX:[+-]?(?:G1|Z[A-Z]|Shenandoah)\\w+(?:=.*)?"
                            + "|-XX:(?:Parallel|Conc)GCThreads=.*|-XX:MaxGCPauseMillis=.*"
                            + "|-XX:InitiatingHeapOccupancyPercent=.*");

    /** An archive is of one collector and one kind of headers; a JVM would refuse the others. */
    private static final Pattern ARCHIVE =
            Pattern.compile(
                    "-Xshare.*|-XX:[+-]?(?:Shared|AOT|ArchiveClasses|AutoCreateShared|RecordDynamic).*");

    private static final Pattern HEADERS =
            Pattern.compile(
                    "-XX:[+-]?Use(?:CompactObjectHeaders|CompressedClassPointers|ObjectMonitorTable)"
                        + "|-XX:LockingMode=.*");

    /**
     * Of one of those that share this budget.
     *
     * @param javaHome the folder of its JDK
     * @param asked all options that it will have otherwise, in the order in which they count
     */
    static Allotment of(Budget budget, Path javaHome, List<String> asked) {
        if (has(asked, UNKNOWN) || !isHotSpot(javaHome)) {
            return NONE;
        }
        OptionalLong heap =
                has(asked, HEAP) || budget.heap() >= budget.heapOfJavaAlone()
                        ? OptionalLong.empty()
                        : OptionalLong.of(budget.heap() / MEGABYTE);
        long most =
                heap.orElseGet(
                        () ->
                                has(asked, HEAP)
                                        ? mostHeap(asked).orElse(Long.MAX_VALUE)
                                        : budget.heapOfJavaAlone() / MEGABYTE);
        boolean archive = has(asked, ARCHIVE);
        return new Allotment(
                heap,
                most <= SMALL_HEAP_MEGABYTES && !archive && !has(asked, COLLECTOR),
                !archive && !has(asked, HEADERS) && hasArchiveForCompactHeaders(javaHome));
    }

    private static boolean has(List<String> asked, Pattern option) {
        return asked.stream().anyMatch(word -> option.matcher(word).matches());
    }

    /** Megabytes, as the last of the options says that names a size. */
    static OptionalLong mostHeap(List<String> asked) {
        OptionalLong last = OptionalLong.empty();
        for (String word : asked) {
            Matcher said = MOST_HEAP.matcher(word);
            if (said.matches()) {
                long bytes = Long.parseLong(said.group(1)) << shift(said.group(2));
                last = OptionalLong.of(bytes / MEGABYTE);
            }
        }
        return last;
    }

    private static int shift(String letter) {
        return switch (letter) {
            case "k", "K" -> 10;
            case "m", "M" -> 20;
            case "g", "G" -> 30;
            case "t", "T" -> 40;
            default -> 0;
        };
    }

    /** Others know other options. */
    private static boolean isHotSpot(Path javaHome) {
        return Files.exists(library(javaHome).resolve("libjvm.so"));
    }

    /** Without the JDK's own archive a JVM starts in twice the time. */
    private static boolean hasArchiveForCompactHeaders(Path javaHome) {
        Path library = library(javaHome);
        return Files.exists(library.resolve("classes_coh.jsa"))
                || !Files.exists(library.resolve("classes.jsa"));
    }

    private static Path library(Path javaHome) {
        return javaHome.resolve("lib").resolve("server");
    }

    List<String> options() {
        List<String> options = new ArrayList<>();
        heapMegabytes.ifPresent(heap -> options.add("-Xmx" + heap + "m"));
        if (serial) {
            options.add("-XX:+UseSerialGC");
        }
        if (compactHeaders) {
            options.add("-XX:+UseCompactObjectHeaders");
        }
        return options;
    }
}
