package dev.prefork.it.support;

import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** Signals to processes that a test knows the pid of, and what /proc says of them. */
public final class Signals {
    private Signals() {}

    /** Sends a signal, such as {@code KILL}. */
    public static void send(String name, int pid) {
        run(List.of("sh", "-c", "kill -s \"$0\" \"$1\"", name, "" + pid));
    }

    private static void run(List<String> words) {
        try {
            if (new ProcessBuilder(words).inheritIO().start().waitFor() != 0) {
                throw new AssertionError(words + " failed");
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError(e);
        }
    }

    /** Sends several, one right after the other. */
    public static void send(int pid, String first, String second) {
        run(
                List.of(
                        "sh",
                        "-c",
                        "kill -s \"$0\" \"$1\" && kill -s \"$2\" \"$1\"",
                        first,
                        "" + pid,
                        second));
    }

    /** Sends a signal to several processes by one call, as to a group. */
    public static void sendAll(String name, int first, List<Integer> others) {
        List<String> words = new ArrayList<>(List.of("sh", "-c", "kill -s \"$0\" \"$@\"", name));
        words.add("" + first);
        others.forEach(pid -> words.add("" + pid));
        run(words);
    }

    /** Stops a process, and returns when all of its threads are. */
    public static void stop(int pid) {
        send("STOP", pid);
        awaitStopped(pid);
    }

    /** Waits until all threads of a process are stopped. */
    public static void awaitStopped(int pid) {
        await("pid " + pid + " is stopped")
                .atMost(Program.DEADLINE)
                .pollDelay(Duration.ZERO)
                .pollInterval(Duration.ofMillis(2))
                .until(() -> threads(pid).stream().allMatch(thread -> state(thread) == 'T'));
    }

    /** Lets a stopped process go on. */
    public static void resume(int pid) {
        send("CONT", pid);
    }

    /** Waits until there is no such process, or only a zombie of it. */
    public static void awaitGone(int pid) {
        awaitGone(pid, Program.DEADLINE);
    }

    /** As {@link #awaitGone(int)}. */
    public static void awaitGone(int pid, Duration within) {
        await("pid " + pid + " is gone")
                .atMost(within)
                .pollDelay(Duration.ZERO)
                .pollInterval(Duration.ofMillis(5))
                .until(() -> !isRunning(pid));
    }

    /** True unless there is no such process, or only a zombie of it. */
    public static boolean isRunning(int pid) {
        char state = state(Path.of("/proc", "" + pid));
        return state != 'Z' && state != 'X';
    }

    /** The pid of a process's parent. */
    public static int parentOf(int pid) {
        return Math.toIntExact(
                ProcessHandle.of(pid).flatMap(ProcessHandle::parent).orElseThrow().pid());
    }

    /** True while a signal has stopped it. */
    public static boolean isStopped(int pid) {
        return state(Path.of("/proc", "" + pid)) == 'T';
    }

    private static List<Path> threads(int pid) throws IOException {
        try (Stream<Path> tasks = Files.list(Path.of("/proc", "" + pid, "task"))) {
            return tasks.toList();
        }
    }

    /** The letter of /proc/PID/stat; X when there is no such process. */
    static char state(Path process) {
        try {
            String stat = Files.readString(process.resolve("stat"));
            return stat.charAt(stat.lastIndexOf(')') + 2);
        } catch (NoSuchFileException gone) {
            return 'X';
        } catch (IOException gone) {
            // ESRCH: it went between open and read.
            return 'X';
        }
    }
}
