package dev.prefork.net;

import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** A call that blocks, on a thread of its own. */
final class Accepting {
    enum Kind {
        PLATFORM,
        VIRTUAL
    }

    private final CompletableFuture<Object> result = new CompletableFuture<>();
    private final Thread thread;

    private Accepting(Kind kind, Callable<?> call) {
        Runnable body =
                () -> {
                    try {
                        result.complete(call.call());
                    } catch (Throwable e) {
                        result.completeExceptionally(e);
                    }
                };
        thread =
                switch (kind) {
                    case PLATFORM -> Thread.ofPlatform().name("accepting").daemon().start(body);
                    case VIRTUAL -> Thread.ofVirtual().name("accepting").start(body);
                };
    }

    static Accepting on(Kind kind, Callable<?> call) {
        return new Accepting(kind, call);
    }

    /** Waits until the thread waits for a connection, in the kernel or parked. */
    void awaitBlocked() {
        await().atMost(Duration.ofSeconds(10))
                .pollInterval(Duration.ofMillis(1))
                .until(this::isBlocked);
    }

    boolean isBlocked() {
        if (thread.isVirtual()) {
            return thread.getState() == Thread.State.WAITING
                    || thread.getState() == Thread.State.TIMED_WAITING;
        }
        StackTraceElement[] stack = thread.getStackTrace();
        return stack.length > 0
                && stack[0].isNativeMethod()
                && stack[0].getClassName().startsWith("sun.nio.ch.");
    }

    Thread thread() {
        return thread;
    }

    boolean isDone() {
        return result.isDone();
    }

    Object result() throws Exception {
        return result.get(10, TimeUnit.SECONDS);
    }

    /** What the call threw. */
    Throwable failure() throws InterruptedException, TimeoutException {
        try {
            throw new AssertionError("no exception but " + result.get(10, TimeUnit.SECONDS));
        } catch (ExecutionException e) {
            return e.getCause();
        }
    }
}
