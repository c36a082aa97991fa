package dev.prefork.primary;

import dev.prefork.Exit;
import dev.prefork.StdioPipe;
import dev.prefork.WorkerProcess;
import dev.prefork.loop.StreamSocket;
import dev.prefork.posix.Signal;

import java.io.InputStream;
import java.io.OutputStream;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * The process of a worker, as the application in the primary has it.
 *
 * @param pipes by the worker's descriptor
 */
record ForkedProcess(ForkedWorker worker, int pid, Map<Integer, StreamSocket> pipes)
        implements WorkerProcess {
    @Override
    public boolean kill(String signal) {
        return worker.signal(Signal.named(signal));
    }

    @Override
    public Optional<OutputStream> stdin() {
        return stdio(0).map(StdioPipe::output);
    }

    @Override
    public Optional<InputStream> stdout() {
        return stdio(1).map(StdioPipe::input);
    }

    @Override
    public Optional<InputStream> stderr() {
        return stdio(2).map(StdioPipe::input);
    }

    @Override
    public Optional<StdioPipe> stdio(int index) {
        return Optional.ofNullable(pipes.get(index))
                .map(streams -> new StdioPipe(streams.input(), streams.output()));
    }

    @Override
    public boolean isConnected() {
        return worker.isConnected();
    }

    @Override
    public boolean send(Object message) {
        return worker.send(message);
    }

    @Override
    public boolean send(Object message, Consumer<Optional<Exception>> callback) {
        return worker.send(message, callback);
    }

    @Override
    public void disconnect() {
        worker.closeChannel();
    }

    @Override
    public Optional<Exit> exit() {
        return worker.events().howItEnded();
    }
}
