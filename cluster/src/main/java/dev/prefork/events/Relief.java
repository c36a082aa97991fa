package dev.prefork.events;

import java.time.Duration;
import java.util.Arrays;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * While the JVM ends: sees to it that events are told though a listener stands in System.exit. That
 * returns to nobody, and waits for the shutdown hooks, one of which may wait for an event.
 *
 * <p>Nothing tells that a thread has come to stand there, the second one that does so behind a lock
 * of the JDK's. So it is looked for, for as long as the JVM takes to end.
 */
final class Relief {
    private static final Duration UNTIL_NEXT_LOOK = Duration.ofMillis(10);

    /** Those that have a thread. */
    private static final Set<EventThread> LIVE = ConcurrentHashMap.newKeySet();

    static {
        Thread watch = Thread.ofPlatform().name("cluster-relief").daemon().unstarted(Relief::watch);
        try {
            Runtime.getRuntime()
                    .addShutdownHook(
                            Thread.ofPlatform().name("cluster-end").unstarted(watch::start));
        } catch (IllegalStateException endHasBegun) {
            watch.start();
        }
    }

    private Relief() {}

    static void mayBeNeededBy(EventThread events) {
        LIVE.add(events);
    }

    static void isNotNeededBy(EventThread events) {
        LIVE.remove(events);
    }

    private static void watch() {
        try {
            while (true) {
                LIVE.forEach(EventThread::relieve);
                Thread.sleep(UNTIL_NEXT_LOOK);
            }
        } catch (InterruptedException notWanted) {
            Thread.currentThread().interrupt();
        }
    }

    /** Whether it has called what returns no more. */
    static boolean isExiting(Thread thread) {
        return Arrays.stream(thread.getStackTrace())
                .anyMatch(
                        frame ->
                                frame.getClassName().equals(Runtime.class.getName())
                                        && frame.getMethodName().equals("exit"));
    }
}
