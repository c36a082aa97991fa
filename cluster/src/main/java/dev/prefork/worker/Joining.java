package dev.prefork.worker;

import dev.prefork.PortRules;
import dev.prefork.launch.JoinOffer;
import dev.prefork.launch.JoinVariables;
import dev.prefork.launch.WorkerOptions;
import dev.prefork.net.ConnectionSource;
import dev.prefork.net.DatagramRequest;
import dev.prefork.net.ListenBroker;
import dev.prefork.net.ListenRequest;
import dev.prefork.net.SharedDatagrams;
import dev.prefork.posix.Descriptors;
import dev.prefork.posix.Environment;
import dev.prefork.posix.Fd;
import dev.prefork.posix.PosixException;

import java.io.IOException;
import java.net.SocketAddress;
import java.util.Optional;

/**
 * A JVM below a wrapper (decision 0019): a worker as soon as it listens where workers share, unless
 * another process below the same wrapper has been faster. Until then, and for ever in a JVM that
 * listens nowhere, it is as if alone. Safe for any thread.
 */
final class Joining implements ListenBroker {
    /** As of any Java program under {@code prefork run} (SPEC F2); Node's share it. */
    private static final PortRules ANY_PORT_IS_OWN = PortRules.parse("0=private");

    private final JoinOffer offer;
    private final WorkerOptions options;
    private final Listens listens;

    private Joining(JoinOffer offer, WorkerOptions options) {
        this.offer = offer;
        this.options = options;
        this.listens = Listens.of(offer.id(), options);
    }

    /** What the environment offers, which is without it afterwards. */
    static Optional<Joining> take() {
        Optional<JoinOffer> offer = Environment.take(JoinOffer.VARIABLE).flatMap(JoinOffer::parse);
        JoinVariables.removeFromThisProcess();
        WorkerOptions options = WorkerOptions.take().then(ANY_PORT_IS_OWN);
        return offer.filter(Joining::reachesThisProcess).map(there -> new Joining(there, options));
    }

    /** Some wrappers close what they do not know. No child of this process is to have it. */
    private static boolean reachesThisProcess(JoinOffer offer) {
        try {
            var _ = Descriptors.adopt(offer.ticket());
            var _ = Descriptors.adopt(offer.channel());
            return true;
        } catch (PosixException closed) {
            return false;
        }
    }

    OwnPorts ownPorts() {
        return listens.ownPorts();
    }

    /** Empty when another process is the worker. */
    private Optional<Invitation> redeem() {
        try (Fd ticket = Fd.owning(offer.ticket())) {
            if (Descriptors.readByte(ticket.number())) {
                return Optional.of(new Invitation(offer.id(), offer.channel(), options));
            }
        } catch (PosixException noPipe) {
            // The number is another file's: nobody has offered anything.
        }
        Fd.owning(offer.channel()).close();
        return Optional.empty();
    }

    private Optional<ListenBroker> join() {
        return WorkerRuntime.startFor(Entry.JOINING, this::redeem).map(WorkerRuntime::broker);
    }

    @Override
    public Optional<ConnectionSource> listen(ListenRequest request) throws IOException {
        Optional<ListenBroker> broker = listens.of(request).isPresent() ? join() : Optional.empty();
        return broker.isPresent() ? broker.get().listen(request) : Optional.empty();
    }

    @Override
    public Optional<SharedDatagrams> bind(DatagramRequest request) throws IOException {
        Optional<ListenBroker> broker = listens.of(request).isPresent() ? join() : Optional.empty();
        return broker.isPresent()
                ? broker.get().bind(request)
                : OwnDatagrams.unlessAsAsked(request, ownAddress(request.address()));
    }

    @Override
    public SocketAddress ownAddress(SocketAddress asked) {
        return listens.ownAddress(asked);
    }
}
