package dev.prefork.worker;

import dev.prefork.Exit;
import dev.prefork.StdioPipe;
import dev.prefork.WorkerProcess;
import dev.prefork.ipc.Channel;
import dev.prefork.posix.PosixException;
import dev.prefork.posix.Signal;
import dev.prefork.posix.ThisProcess;

import java.io.InputStream;
import java.io.OutputStream;
import java.util.Optional;
import java.util.function.Consumer;

/** The process that this JVM is, as a worker. Safe for any thread. */
record SelfProcess(SelfWorker worker, OwnPipes pipes, Channel channel) implements WorkerProcess {
    @Override
    public int pid() {
        return ThisProcess.pid();
    }

    @Override
    public boolean kill(String signal) {
        try {
            return Signal.named(signal).send(pid());
        } catch (PosixException e) {
            throw new IllegalStateException("cannot signal this process", e);
        }
    }

    @Override
    public Optional<OutputStream> stdin() {
        return Optional.empty();
    }

    @Override
    public Optional<InputStream> stdout() {
        return Optional.empty();
    }

    @Override
    public Optional<InputStream> stderr() {
        return Optional.empty();
    }

    @Override
    public Optional<StdioPipe> stdio(int index) {
        return pipes.at(index);
    }

    @Override
    public boolean isConnected() {
        return channel.isConnected();
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
        if (isConnected()) {
            channel.disconnect();
        } else {
            worker.error(new IllegalStateException("the channel is closed already"));
        }
    }

    @Override
    public Optional<Exit> exit() {
        return Optional.empty();
    }
}
