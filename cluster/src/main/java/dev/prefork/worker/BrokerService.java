package dev.prefork.worker;

import dev.prefork.net.ConnectionSource;
import dev.prefork.net.DatagramRequest;
import dev.prefork.net.ListenBroker;
import dev.prefork.net.ListenRequest;
import dev.prefork.net.SharedDatagrams;

import java.io.IOException;
import java.util.Optional;

/**
 * What a server finds that binds before its program has touched the cluster: starts the worker's
 * runtime then.
 */
public final class BrokerService implements ListenBroker {
    @Override
    public Optional<ConnectionSource> listen(ListenRequest request) throws IOException {
        Optional<WorkerRuntime> runtime = WorkerRuntime.current();
        return runtime.isPresent() ? runtime.get().broker().listen(request) : Optional.empty();
    }

    @Override
    public Optional<SharedDatagrams> bind(DatagramRequest request) throws IOException {
        Optional<WorkerRuntime> runtime = WorkerRuntime.current();
        return runtime.isPresent() ? runtime.get().broker().bind(request) : Optional.empty();
    }
}
