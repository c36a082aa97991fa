package dev.prefork.net;

import dev.prefork.posix.PosixException;
import dev.prefork.posix.Sockets;
import dev.prefork.posix.TcpInfo;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.IntConsumer;

/**
 * An accepted connection, from before it is taken until it is closed. Safe for any thread; what
 * passes comes from the thread that reads and the one that writes.
 */
final class OpenConnection {
    /**
     * How much longer than others a connection may be silent of whose protocol nothing is known:
     * people may think at its other end.
     */
    private static final int PATIENCE = 5;

    private static final int READING = 0;

    private final Consumer<OpenConnection> onClose;
    private final BooleanSupplier retiring;
    private Runnable onCloseOfTaken = () -> {};
    private final Optional<Exchanges> exchanges;

    /** Gives its descriptor while it is open, and keeps it open meanwhile. */
    private volatile Consumer<IntConsumer> descriptor = _ -> {};

    private volatile boolean lastAnswerTold;
    private boolean halfClosed;

    private OpenConnection(
            Consumer<OpenConnection> onClose,
            BooleanSupplier retiring,
            Optional<Exchanges> exchanges) {
        this.onClose = onClose;
        this.retiring = retiring;
        this.exchanges = exchanges;
    }

    /**
     * One that nobody will want to know more of.
     *
     * @param onClose runs once; must neither block nor throw
     */
    static OpenConnection unwatched(Runnable onClose) {
        return new OpenConnection(_ -> onClose.run(), () -> false, Optional.empty());
    }

    /**
     * One of which it is to be known whether it is in use.
     *
     * @param retiring whether each answer is to be the last
     */
    static OpenConnection watched(Consumer<OpenConnection> onClose, BooleanSupplier retiring) {
        return new OpenConnection(onClose, retiring, Optional.of(new Exchanges()));
    }

    /** Whether what passes is to be told. */
    boolean isWatched() {
        return exchanges.isPresent();
    }

    /**
     * There is one.
     *
     * @param onClose as the other
     */
    void taken(Runnable onClose) {
        onCloseOfTaken = onClose;
    }

    /** The JDK has made a channel of it. */
    void opened(Consumer<IntConsumer> descriptorWhileOpen) {
        descriptor = descriptorWhileOpen;
    }

    /** Once, when the channel has been closed, or there was no connection. */
    void closed() {
        onClose.accept(this);
        onCloseOfTaken.run();
    }

    /** As {@link Exchanges#received}. */
    void received(ByteBuffer into, int count) {
        exchanges.orElseThrow().received(into, count);
    }

    /** As {@link Exchanges#sent}. */
    void sent(ByteBuffer from, int count) {
        exchanges.orElseThrow().sent(from, count);
    }

    /**
     * Asked before something is sent: whether the client is to hear that this answer is the last.
     *
     * @param next what is to be sent
     * @return where a line may be put that says so; 0 for not at all
     */
    int lastAnswer(ByteBuffer next) {
        if (!retiring.getAsBoolean() || !exchanges.orElseThrow().awaitsAnswer()) {
            return 0;
        }
        return AnswerHead.afterStatusLine(next);
    }

    /** It has heard so, in so many bytes. */
    void lastAnswerTold(int bytes) {
        exchanges.orElseThrow().sentBesides(bytes);
        lastAnswerTold = true;
    }

    /**
     * Ends its reading if nobody waits for anything on it: its server sees the end of the stream,
     * and closes it. What comes before the server has looked is served nevertheless.
     *
     * @param grace how long a connection may be silent
     */
    void closeIfIdle(Duration grace) {
        descriptor.accept(
                socket -> {
                    if (!halfClosed && isIdle(socket, grace)) {
                        halfClosed = true;
                        Sockets.shutDown(socket, READING);
                    }
                });
    }

    private boolean isIdle(int socket, Duration grace) {
        try {
            if (Sockets.isReadable(socket)) {
                return false;
            }
        } catch (PosixException e) {
            return false; // A later look may tell.
        }
        Optional<TcpInfo> known = TcpInfo.of(socket);
        return known.isEmpty() ? isBetween() : isIdle(known.get(), grace);
    }

    /** A Unix socket, of which the kernel tells no times. */
    private boolean isBetween() {
        return exchanges.map(Exchanges::use).filter(Exchanges.Use.BETWEEN::equals).isPresent();
    }

    private boolean isIdle(TcpInfo tcp, Duration grace) {
        if (tcp.underWay()) {
            return false;
        }
        Exchanges.Use use = exchanges.map(Exchanges::use).orElse(Exchanges.Use.UNKNOWN);
        return switch (use) {
            case IN_USE -> false;
            case BETWEEN -> lastAnswerTold || tcp.isQuietFor(grace);
            case SENT_BY_FILE ->
                    tcp.acknowledged() >= exchanges.orElseThrow().sentAtItsEnd()
                            && tcp.isQuietFor(grace);
            case SERVER_SPOKE_LAST -> tcp.isQuietFor(grace);
            case UNKNOWN -> isLongSilent(tcp, grace);
        };
    }

    private static boolean isLongSilent(TcpInfo tcp, Duration grace) {
        boolean nothingYet = tcp.acknowledged() + tcp.received() == 0;
        boolean serverSpokeLast = tcp.sinceSent().compareTo(tcp.sinceReceived()) <= 0;
        return nothingYet
                ? tcp.isQuietFor(grace)
                : serverSpokeLast && tcp.isQuietFor(grace.multipliedBy(PATIENCE));
    }
}
