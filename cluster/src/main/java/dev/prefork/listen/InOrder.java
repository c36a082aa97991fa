package dev.prefork.listen;

import dev.prefork.posix.Fd;

import java.time.Duration;
import java.util.Optional;

/**
 * Who has waited longest goes the way that {@link Chooser} names. Nobody is asked who the client
 * is.
 */
final class InOrder implements Matching {
    private final Acceptor acceptor;
    private final Chooser chooser;

    InOrder(Acceptor acceptor, Chooser chooser) {
        this.acceptor = acceptor;
        this.chooser = chooser;
    }

    @Override
    public Optional<FedLane> next() {
        return acceptor.hasWaiting() ? chooser.next(acceptor.waiting()) : Optional.empty();
    }

    @Override
    public Fd take() {
        return acceptor.take().orElseThrow();
    }

    @Override
    public void returned(Fd connection) {
        acceptor.putBack(connection);
    }

    @Override
    public Optional<Duration> asksAgainIn() {
        return chooser.holdsBackFor();
    }
}
