package dev.prefork.bench.micro;

import dev.prefork.loop.EventLoop;
import dev.prefork.posix.PosixException;

import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

import java.util.concurrent.Semaphore;

/** A task to the event loop: one that is waited for, and many in a row. */
@State(Scope.Thread)
public class HandOverBenchmark {
    static final int MANY = 1_000;

    private final Semaphore done = new Semaphore(0);
    private EventLoop loop;

    @Setup
    public void open() throws PosixException {
        loop =
                EventLoop.open(
                        fault -> {
                            throw new IllegalStateException(fault);
                        });
        Thread.ofPlatform().name("loop").start(loop);
    }

    @TearDown
    public void close() {
        loop.close();
    }

    @Benchmark
    public void one() {
        loop.execute(done::release);
        done.acquireUninterruptibly();
    }

    @Benchmark
    @OperationsPerInvocation(MANY)
    public void many() {
        for (int i = 0; i < MANY; i++) {
            loop.execute(done::release);
        }
        done.acquireUninterruptibly(MANY);
    }
}
