package dev.prefork.worker;

import dev.prefork.PortRules.Treatment;
import dev.prefork.launch.WorkerOptions;
import dev.prefork.net.DatagramRequest;
import dev.prefork.net.ListenRequest;
import dev.prefork.wire.ListenAddress;

import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.Optional;
import java.util.function.Function;

/**
 * Which binds of this worker the primary is asked for, and where.
 *
 * @param ofSlot whether the primary listens on what is the slot's own, so that the slot's workers
 *     have it one after the other; else this worker binds it by itself
 */
record Listens(OwnPorts ownPorts, boolean ofSlot) {
    /** Of the worker with this id. */
    static Listens of(int workerId, WorkerOptions options) {
        return new Listens(OwnPorts.of(workerId, options.ports()), options.ofSlot());
    }

    /**
     * What the primary is asked for.
     *
     * @param own for the workers of this one's slot alone
     */
    record Wanted(ListenAddress address, boolean own) {}

    /** Empty when nobody is asked. */
    Optional<Wanted> of(ListenRequest request) {
        return wanted(
                request.mode().exclusive(),
                request.address(),
                at ->
                        ListenAddresses.of(
                                new ListenRequest(
                                        at, request.family(), request.backlog(), request.mode())));
    }

    /** Empty when nobody is asked. */
    Optional<Wanted> of(DatagramRequest request) {
        return wanted(
                request.mode().exclusive(),
                request.address(),
                at ->
                        ListenAddresses.of(
                                new DatagramRequest(
                                        at,
                                        request.family(),
                                        request.reuseAddress(),
                                        request.mode())));
    }

    private Optional<Wanted> wanted(
            boolean exclusive,
            SocketAddress asked,
            Function<SocketAddress, ListenAddress> address) {
        if (exclusive) {
            return Optional.empty();
        }
        if (!(asked instanceof InetSocketAddress inet)
                || ownPorts.treatmentOf(inet) == Treatment.SHARED) {
            return Optional.of(new Wanted(address.apply(asked), false));
        }
        return ofSlot
                ? ownPorts.ofTheSlot(inet).map(at -> new Wanted(address.apply(at), true))
                : Optional.empty();
    }

    /** Where to bind by oneself. */
    SocketAddress ownAddress(SocketAddress asked) {
        return asked instanceof InetSocketAddress inet ? ownPorts.ownAddress(inet) : asked;
    }
}
