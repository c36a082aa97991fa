package dev.prefork.end;

import java.util.Arrays;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;

/**
 * The thread {@code main}, for those who keep the JVM running: when it has thrown, the program is
 * not what it was meant to be, and as in any JVM it is for the program's own threads to go on
 * without it (decision 0033). Safe for any thread.
 *
 * <p>What it throws still comes to whom it would have come to. A program that gives this thread
 * another handler later sees to the rest itself.
 */
public final class MainThread {
    /** Of the thread, and of its group, as the JVM makes them; no number says which one it is. */
    private static final String NAME = "main";

    private static final Set<Consumer<Throwable>> HEIRS = ConcurrentHashMap.newKeySet();

    static {
        find().ifPresent(MainThread::watch);
    }

    private MainThread() {}

    /**
     * From now on; without effect where main has ended.
     *
     * @param heir told, on that thread, what it has thrown
     * @return until this is run
     */
    public static Runnable whenItThrows(Consumer<Throwable> heir) {
        HEIRS.add(heir);
        return () -> HEIRS.remove(heir);
    }

    private static Optional<Thread> find() {
        ThreadGroup all = Thread.currentThread().getThreadGroup();
        while (all.getParent() != null) {
            all = all.getParent();
        }
        // Those that begin meanwhile are none of it.
        Thread[] threads = new Thread[2 * all.activeCount() + 1];
        int count = all.enumerate(threads);
        return Arrays.stream(threads, 0, count).filter(MainThread::isMain).findFirst();
    }

    private static boolean isMain(Thread thread) {
        ThreadGroup group = thread.getThreadGroup(); // null: it has ended
        return group != null && thread.getName().equals(NAME) && group.getName().equals(NAME);
    }

    private static void watch(Thread main) {
        Thread.UncaughtExceptionHandler before = main.getUncaughtExceptionHandler();
        if (before != null) {
            main.setUncaughtExceptionHandler(
                    (thread, fault) -> {
                        try {
                            before.uncaughtException(thread, fault);
                        } finally {
                            HEIRS.forEach(heir -> heir.accept(fault));
                        }
                    });
        }
    }
}
