package dev.prefork.net;

import java.nio.channels.AsynchronousSocketChannel;
import java.nio.channels.CompletionHandler;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** What a handler is told: once, the attachment, and on which thread. */
final class Completion implements CompletionHandler<AsynchronousSocketChannel, String> {
    private final CompletableFuture<AsynchronousSocketChannel> result = new CompletableFuture<>();
    private volatile Thread thread;
    private volatile String attachment;

    @Override
    public void completed(AsynchronousSocketChannel connection, String attached) {
        thread = Thread.currentThread();
        attachment = attached;
        if (!result.complete(connection)) {
            throw new AssertionError("told twice");
        }
    }

    @Override
    public void failed(Throwable failure, String attached) {
        thread = Thread.currentThread();
        attachment = attached;
        if (!result.completeExceptionally(failure)) {
            throw new AssertionError("told twice");
        }
    }

    AsynchronousSocketChannel connection() throws Exception {
        return connection(result);
    }

    static AsynchronousSocketChannel connection(Future<AsynchronousSocketChannel> accept)
            throws Exception {
        return accept.get(10, TimeUnit.SECONDS);
    }

    Throwable failure() throws InterruptedException, TimeoutException {
        return failure(result);
    }

    static Throwable failure(Future<?> accept) throws InterruptedException, TimeoutException {
        try {
            throw new AssertionError("no failure but " + accept.get(10, TimeUnit.SECONDS));
        } catch (ExecutionException e) {
            return e.getCause();
        }
    }

    boolean isDone() {
        return result.isDone();
    }

    Thread thread() {
        return thread;
    }

    String attachment() {
        return attachment;
    }
}
