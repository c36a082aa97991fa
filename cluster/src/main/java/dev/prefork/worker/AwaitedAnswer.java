package dev.prefork.worker;

import dev.prefork.wire.ListenAddress;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.SocketException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;

/**
 * The wait of a thread of the application for what the primary grants.
 *
 * @param address for the messages
 * @param mayTake until the thread gives up
 * @param closing of a grant that comes just when it has given up
 */
record AwaitedAnswer<T>(ListenAddress address, Duration mayTake, Closing<T> closing) {
    /** Closes what nobody waits for any more. */
    interface Closing<T> {
        void close(T granted) throws IOException;
    }

    /**
     * Asks, and waits.
     *
     * @param question completes what it is given; where that was cancelled it gives back the grant
     */
    T of(Consumer<CompletableFuture<T>> question) throws IOException {
        CompletableFuture<T> answer = new CompletableFuture<>();
        try {
            question.accept(answer);
        } catch (RejectedExecutionException disconnected) {
            throw BindFailures.leaving();
        }
        return await(answer);
    }

    /** Waits for this answer. */
    T await(CompletableFuture<T> answer) throws IOException {
        try {
            return answer.get(mayTake.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException e) {
            throw BindFailures.again(e.getCause());
        } catch (TimeoutException e) {
            giveUp(answer);
            throw new SocketException(
                    "cannot listen on "
                            + address
                            + ": the primary has not answered in "
                            + mayTake.toMillis() / 1000.0
                            + " s; is it stopped?");
        } catch (InterruptedException e) {
            giveUp(answer);
            Thread.currentThread().interrupt();
            throw new InterruptedIOException(
                    "interrupted while the primary was asked to listen on " + address);
        }
    }

    /** A grant that comes later is given back; one that came in this moment is closed here. */
    private void giveUp(CompletableFuture<T> answer) throws IOException {
        if (!answer.cancel(false) && !answer.isCompletedExceptionally()) {
            closing.close(answer.join());
        }
    }
}
