package dev.prefork.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.stream.Stream;

/**
 * User and system time that processes have used so far, with that of their children that ended.
 *
 * @param ticksByPid in USER_HZ, which is 100 on every Linux we run on
 */
record CpuTime(Map<Long, Long> ticksByPid) {
    private static final double MICROS_PER_TICK = 10_000;

    /** Of a process and all that it started. */
    static CpuTime ofTree(ProcessHandle root) throws IOException {
        Map<Long, Long> ticks = new HashMap<>();
        for (ProcessHandle process : Stream.concat(Stream.of(root), root.descendants()).toList()) {
            ticks.put(process.pid(), ticksOf(process.pid()));
        }
        return new CpuTime(ticks);
    }

    /** Of this process without all others. */
    static CpuTime of(ProcessHandle process) throws IOException {
        return new CpuTime(Map.of(process.pid(), ticksOf(process.pid())));
    }

    private static long ticksOf(long pid) throws IOException {
        String stat;
        try {
            stat = Files.readString(Path.of("/proc", String.valueOf(pid), "stat"));
        } catch (IOException e) {
            // Between its opening and its reading the file says ESRCH.
            if (ProcessHandle.of(pid).isPresent()) {
                throw e;
            }
            return 0; // Its parent's ticks hold it now, or will.
        }
        // Field 2, the name, may contain anything; utime, stime, cutime and cstime are fields 14 to
        // 17: proc_pid_stat(5).
        String[] afterName = stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1);
        long ticks = 0;
        for (int field = 14; field <= 17; field++) {
            ticks += Long.parseLong(afterName[field - 3]);
        }
        return ticks;
    }

    double totalMicros() {
        return microsSince(new CpuTime(Map.of()));
    }

    double microsSince(CpuTime before) {
        return ticksByPid.entrySet().stream()
                .mapToDouble(
                        now ->
                                (now.getValue() - before.ticksByPid.getOrDefault(now.getKey(), 0L))
                                        * MICROS_PER_TICK)
                .sum();
    }
}
