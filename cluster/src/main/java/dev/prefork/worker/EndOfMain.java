package dev.prefork.worker;

/**
 * The end of the thread on which a program came to be a worker, mostly its main. An exception out
 * of a main that is not below {@link WorkerMain} is seen by nobody: Spring Boot, for one, logs it
 * itself. So a worker whose main has ended, that serves nothing and listens to nothing runs on only
 * while it has threads of its own, and ends with main's code, as without us.
 *
 * <p>Differs from Node: there such a worker waits for its primary, unless it has thrown.
 */
final class EndOfMain {
    private EndOfMain() {}

    /** Watches the calling thread; tells of its end once, on a daemon thread. */
    static void ofThisThread(Runnable ended) {
        Thread main = Thread.currentThread();
        Thread.ofPlatform()
                .name("cluster-main-ends")
                .daemon()
                .start(
                        () -> {
                            join(main);
                            ended.run();
                        });
    }

    private static void join(Thread main) {
        try {
            main.join();
        } catch (InterruptedException e) {
            throw new IllegalStateException("nobody interrupts this thread", e);
        }
    }
}
