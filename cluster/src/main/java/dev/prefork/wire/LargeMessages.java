package dev.prefork.wire;

import java.util.concurrent.Executor;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * The thread that parses messages too large for the loop, one for all channels of this process. It
 * exists while there are such messages.
 */
final class LargeMessages {
    private static final int IDLE_SECONDS = 10;

    /**
     * Makes the thread's pool with its first message: to make one reads a system property, which a
     * worker's program may still set in its main.
     */
    static final Executor PARSER = message -> Pool.PARSER.execute(message);

    private static final class Pool {
        static final Executor PARSER = open();
    }

    private LargeMessages() {}

    private static Executor open() {
        // Each channel has one message here at most, as it reads no further meanwhile.
        ThreadPoolExecutor parser =
                new ThreadPoolExecutor(
                        1,
                        1,
                        IDLE_SECONDS,
                        TimeUnit.SECONDS,
                        new LinkedBlockingQueue<>(),
                        Thread.ofPlatform().name("cluster-json").daemon().factory());
        parser.allowCoreThreadTimeOut(true);
        return parser;
    }
}
