package dev.prefork.budget;

import java.io.IOException;
import java.math.BigDecimal;
import java.math.RoundingMode;
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
 * @param serial whether it has the serial collector
 * @param others options that nobody needs to be told of
 */
record Allotment(OptionalLong heapMegabytes, boolean serial, List<String> others) {
    static final Allotment NONE = new Allotment(OptionalLong.empty(), false, List.of());

    /** With heaps up to this other collectors cost more than they save. */
    private static final long SMALL_HEAP_MEGABYTES = 256;

    /** To collect more than this at once takes a second and longer. */
    private static final long LARGE_HEAP_MEGABYTES = 1024;

    private static final String SERIAL = "-XX:+UseSerialGC";
    private static final String COMPACT_HEADERS = "-XX:+UseCompactObjectHeaders";

    /** Once a minute it gives back what its compilers have used. */
    private static final String TRIM = "-XX:TrimNativeHeapInterval=60000";

    private static final long MEGABYTE = 1 << 20;

    /** What they say cannot be seen. */
    private static final Pattern UNKNOWN = Pattern.compile("-XX:Flags=.*|-XX:.*JVMCI.*");

    private static final Pattern HEAP =
            Pattern.compile(
                    "-X?m[xs]\\d.*|-Xmn.*|-XX:(?:Max|Min|Initial|SoftMax)?HeapSize=.*|-XX:(?:Max)?NewSize=.*"
                        + "|-XX:(?:Max|Min|Initial)RAM\\w*=.*|-XX:\\+AggressiveHeap");

    /** How much of it there is from the start. */
    private static final Pattern FIRST_HEAP =
            Pattern.compile(
                    "-X?ms\\d.*|-Xmn.*|-XX:(?:Min|Initial)HeapSize=.*|-XX:(?:Max)?NewSize=.*"
                            + "|-XX:(?:InitialRAM\\w*|MaxRAM)=.*|-XX:\\+AggressiveHeap");

    private static final Pattern TRIMMING = Pattern.compile("-XX:TrimNativeHeapInterval=.*");

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
        boolean archive = has(asked, ARCHIVE);
        return new Allotment(
                heap,
                !archive && !has(asked, COLLECTOR) && isForSerial(budget, heap, asked),
                others(budget, javaHome, asked, archive));
    }

    /** As java alone on a machine of one processor, unless the user expects a large heap. */
    private static boolean isForSerial(Budget budget, OptionalLong heap, List<String> asked) {
        OptionalLong said = mostHeap(asked);
        if (budget.isOneProcessorEach()) {
            return said.orElse(0) <= LARGE_HEAP_MEGABYTES;
        }
        long most =
                has(asked, HEAP)
                        ? said.orElse(Long.MAX_VALUE)
                        : heap.orElse(budget.heapOfJavaAlone() / MEGABYTE);
        return most <= SMALL_HEAP_MEGABYTES;
    }

    private static List<String> others(
            Budget budget, Path javaHome, List<String> asked, boolean archive) {
        List<String> others = new ArrayList<>();
        if (!has(asked, FIRST_HEAP) && budget.firstHeapPercentage() < Budget.FIRST_HEAP_OF_JAVA) {
            others.add(
                    "-XX:InitialRAMPercentage="
                            + BigDecimal.valueOf(budget.firstHeapPercentage())
                                    .setScale(4, RoundingMode.HALF_UP)
                                    .toPlainString());
        }
        if (!archive && !has(asked, HEADERS) && hasArchiveForCompactHeaders(javaHome)) {
            others.add(COMPACT_HEADERS);
        }
        if (!has(asked, TRIMMING) && isOfGnu(javaHome)) {
            others.add(TRIM);
        }
        return others;
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

    /** With another C library there is nothing to trim, and the JVM complains. */
    private static boolean isOfGnu(Path javaHome) {
        try {
            return Files.readAllLines(javaHome.resolve("release")).contains("LIBC=\"gnu\"");
        } catch (IOException unknown) {
            return false;
        }
    }

    private static Path library(Path javaHome) {
        return javaHome.resolve("lib").resolve("server");
    }

    List<String> options() {
        List<String> options = new ArrayList<>();
        heapMegabytes.ifPresent(heap -> options.add("-Xmx" + heap + "m"));
        options.addAll(others);
        // Last, where the user's own would be: class data then is of the same JVM.
        if (serial) {
            options.add(SERIAL);
        }
        return options;
    }
}
