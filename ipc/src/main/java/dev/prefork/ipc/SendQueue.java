package dev.prefork.ipc;

import java.util.ArrayDeque;
import java.util.Iterator;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Predicate;

/**
 * What is to be written to a channel, in order, and the lock-step of its handles: behind a message
 * with a handle all wait until the other end has acknowledged it.
 *
 * <p>Knows no socket: who writes asks for {@link #next}, or for those that may be written {@link
 * #together}, and says what became of it. Belongs to the loop's thread, except {@link #reserve}.
 */
final class SendQueue {
    /** More than this waiting to be written makes {@link #reserve} say to wait. Node: 65536 * 2. */
    static final int HIGH_WATER_BYTES = 128 << 10;

    /** A sender that was told to wait is told that there is room when no more than this waits. */
    static final int LOW_WATER_BYTES = HIGH_WATER_BYTES / 2;

    /** While more answers than this wait for a peer that does not read, nothing more is asked. */
    static final int REPLY_LIMIT_BYTES = 1 << 20;

    /** A peer that makes us keep more answers than this does not acknowledge what it is sent. */
    static final int REPLY_MAX_BYTES = 16 << 20;

    /** Node sends a handle that did not arrive again at most 3 times, then drops it and warns. */
    static final int MAX_RESENDS = 3;

    private final ArrayDeque<CompletableFuture<Void>> waiting = new ArrayDeque<>();
    private final AtomicLong unwrittenBytes = new AtomicLong();
    private final AtomicInteger unacknowledgedHandles = new AtomicInteger();

    /** Somebody was told to wait, with a message that is not yet added. */
    private volatile boolean roomIsAwaited;

    private final ArrayDeque<Outgoing> writing = new ArrayDeque<>();
    private final ArrayDeque<Outgoing> written = new ArrayDeque<>();
    private final ArrayDeque<Outgoing> behindHandle = new ArrayDeque<>();
    private Outgoing unacknowledged;
    private long replyBytes;

    /**
     * Counts a message that will be {@link #add added}. Safe for any thread.
     *
     * @return false when the sender should wait: much is unwritten, or a handle is unacknowledged
     */
    boolean reserve(Outgoing outgoing) {
        boolean roomy = unwrittenBytes.addAndGet(outgoing.unwritten()) <= HIGH_WATER_BYTES;
        boolean lockStep =
                outgoing.handle == null
                        ? unacknowledgedHandles.get() > 0
                        : unacknowledgedHandles.getAndIncrement() > 0;
        if (roomy && !lockStep) {
            return true;
        }
        roomIsAwaited = true;
        return false;
    }

    /** Whether there is room again after {@link #reserve} has said to wait: true once. */
    boolean hasDrained() {
        boolean drained =
                roomIsAwaited
                        && unwrittenBytes.get() <= LOW_WATER_BYTES
                        && unacknowledgedHandles.get() == 0;
        if (drained) {
            roomIsAwaited = false;
        }
        return drained;
    }

    /** Queues a message that was {@link #reserve reserved}. */
    void add(Outgoing outgoing) {
        countReply(outgoing, outgoing.unwritten());
        if (unacknowledged != null || !behindHandle.isEmpty()) {
            behindHandle.add(outgoing);
        } else {
            unacknowledged = outgoing.handle == null ? null : outgoing;
            writing.add(outgoing);
        }
    }

    /** Acknowledgements must not wait behind our own handle: both sides may be sending one. */
    void addControl(String command) {
        Outgoing control =
                new Outgoing(Map.of("cmd", command), null, Outgoing.Kind.CONTROL, Delivery.IGNORED);
        unwrittenBytes.addAndGet(control.unwritten());
        countReply(control, control.unwritten());
        writing.add(control);
    }

    /** What is to be written now, or null; those behind a handle follow when it is acknowledged. */
    Outgoing next() {
        while (unacknowledged == null && !behindHandle.isEmpty()) {
            Outgoing next = behindHandle.remove();
            unacknowledged = next.handle == null ? null : next;
            writing.add(next);
        }
        return writing.peek();
    }

    /**
     * Gives out {@link #next} and those behind it that may be written with it, in order, for as
     * long as the taker wants more. A message with a handle is written alone.
     */
    void together(Predicate<Outgoing> taker) {
        boolean more = true;
        for (Iterator<Outgoing> all = writing.iterator(); more && all.hasNext(); ) {
            Outgoing each = all.next();
            boolean alone = each.handle != null;
            more = (!alone || each == writing.peek()) && taker.test(each) && !alone;
        }
    }

    /** So many bytes of {@link #together} are written. */
    void wrote(int count) {
        unwrittenBytes.addAndGet(-count);
        for (int left = count; left > 0; ) {
            Outgoing first = writing.element();
            int part = Math.min(left, first.unwritten());
            left -= part;
            first.wrote(part);
            countReply(first, -part);
            if (first.unwritten() == 0) {
                written.add(writing.remove());
            }
        }
        tellOfWritten();
    }

    /** Whoever is told may close the channel: what is written must not be told as lost then. */
    private void tellOfWritten() {
        for (Outgoing next = written.poll(); next != null; next = written.poll()) {
            next.delivered();
        }
    }

    /** {@link #next} cannot be written; those behind it can. */
    void drop(Exception reason) {
        Outgoing lost = writing.remove();
        if (lost == unacknowledged) {
            unacknowledged = null;
        }
        fail(lost, reason);
    }

    /** The other end has the handle. */
    void acknowledged() throws ProtocolException {
        Outgoing sent = sentHandle();
        if (sent != null) {
            unacknowledged = null;
            close(sent);
        }
    }

    /**
     * The other end had no descriptor for the handle.
     *
     * @return what is to be said if it is given up, and the messages behind it go on
     */
    Optional<ProtocolException> notAcknowledged() throws ProtocolException {
        Outgoing sent = sentHandle();
        if (sent == null) {
            return Optional.empty();
        }
        if (sent.resend(MAX_RESENDS)) {
            unwrittenBytes.addAndGet(sent.unwritten());
            countReply(sent, sent.unwritten());
            writing.add(sent);
            return Optional.empty();
        }
        unacknowledged = null;
        close(sent);
        sent.handleLost();
        return Optional.of(
                new ProtocolException(
                        "a handle did not reach the other process in "
                                + (MAX_RESENDS + 1)
                                + " attempts: it may have too many open descriptors"));
    }

    /** The message whose handle waits for its acknowledgement; null if none does. */
    private Outgoing sentHandle() throws ProtocolException {
        if (unacknowledged != null && unacknowledged.unwritten() > 0) {
            throw new ProtocolException("a handle is acknowledged before it was sent");
        }
        return unacknowledged;
    }

    /** Whether something waits for the socket, and not for an acknowledgement. */
    boolean isWriting() {
        return !writing.isEmpty();
    }

    /** Whether all is written. */
    boolean isWritten() {
        return writing.isEmpty() && behindHandle.isEmpty();
    }

    /** Done when all that was sent before is written or never will be. */
    void tellWhenWritten(CompletableFuture<Void> done) {
        waiting.add(done);
        tellIfWritten();
    }

    void tellIfWritten() {
        if (isWritten()) {
            waiting.forEach(done -> done.complete(null));
            waiting.clear();
        }
    }

    /** Whether all is written and each handle acknowledged. */
    boolean isDone() {
        return isWritten() && unacknowledged == null;
    }

    /**
     * Whether the other end should be asked for no more, as it does not read our answers. Those
     * that wait for an acknowledgement are no reason: it can only be had by reading.
     *
     * @throws ProtocolException when so many of these wait that it will not come
     */
    boolean isOverburdened() throws ProtocolException {
        if (replyBytes > REPLY_MAX_BYTES) {
            throw new ProtocolException(
                    replyBytes + " bytes of answers wait for a handle to be acknowledged");
        }
        return replyBytes > REPLY_LIMIT_BYTES && isWriting();
    }

    /** Nothing more will be written. */
    void failAll(Exception reason) {
        tellOfWritten();
        Outgoing sent = unacknowledged;
        unacknowledged = null;
        if (sent != null && sent.unwritten() == 0) {
            close(sent);
        }
        for (Outgoing next = writing.poll(); next != null; next = writing.poll()) {
            fail(next, reason);
        }
        for (Outgoing next = behindHandle.poll(); next != null; next = behindHandle.poll()) {
            fail(next, reason);
        }
    }

    /** A message that was reserved will not be added. */
    void refuse(Outgoing outgoing, Exception reason) {
        unwrittenBytes.addAndGet(-outgoing.unwritten());
        close(outgoing);
        outgoing.failed(reason);
    }

    private void fail(Outgoing lost, Exception reason) {
        countReply(lost, -lost.unwritten());
        refuse(lost, reason);
    }

    private void close(Outgoing outgoing) {
        if (outgoing.handle != null) {
            outgoing.closeHandle();
            unacknowledgedHandles.decrementAndGet();
        }
    }

    private void countReply(Outgoing outgoing, int bytes) {
        if (outgoing.kind != Outgoing.Kind.OWN) {
            replyBytes += bytes;
        }
    }
}
