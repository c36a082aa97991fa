package sun.nio.ch;

import java.io.FileDescriptor;
import java.io.IOException;
import java.net.ProtocolFamily;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.spi.SelectorProvider;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import java.util.function.Consumer;
import java.util.function.IntConsumer;
import java.util.function.ObjIntConsumer;
import java.util.function.ToIntFunction;

/**
 * An accepted connection that tells when it is closed, and what passes if somebody wants to know.
 * Lives in the JDK's own package and loader, so that it can see nothing but the JDK; {@code
 * dev.prefork.net.Hook} defines it.
 *
 * <p>As a consumer it lends its descriptor, if it is open, and stays open meanwhile.
 */
final class ClusterSocketChannelImpl extends SocketChannelImpl implements Consumer<IntConsumer> {
    /** What tells an HTTP/1.1 client that this answer is the last (RFC 9112, 9.6). */
    private static final byte[] LAST = "Connection: close\r\n".getBytes(StandardCharsets.US_ASCII);

    private final Runnable onClose;
    private final Object closeLock = new Object();
    private boolean closed;

    /**
     * Told what has been received, which ends at the buffer's position; null if nobody wants it.
     */
    private final ObjIntConsumer<ByteBuffer> received;

    /** Likewise what has been sent. */
    private final ObjIntConsumer<ByteBuffer> sent;

    /** Given what is to be sent, returns where {@link #LAST} is to be put in; 0 for not at all. */
    private final ToIntFunction<ByteBuffer> lastAnswer;

    /** Told how many bytes of ours were sent. */
    private final IntConsumer lastAnswerTold;

    /** What the socket did not take of {@link #LAST}: before anything else. */
    private ByteBuffer rest;

    ClusterSocketChannelImpl(
            SelectorProvider provider,
            ProtocolFamily family,
            FileDescriptor connected,
            SocketAddress remote,
            Runnable onClose,
            ObjIntConsumer<ByteBuffer> received,
            ObjIntConsumer<ByteBuffer> sent,
            ToIntFunction<ByteBuffer> lastAnswer,
            IntConsumer lastAnswerTold)
            throws IOException {
        super(provider, family, connected, remote);
        this.onClose = onClose;
        this.received = received;
        this.sent = sent;
        this.lastAnswer = lastAnswer;
        this.lastAnswerTold = lastAnswerTold;
    }

    // Called once by the JDK, whoever closes and however often.
    @Override
    protected void implCloseSelectableChannel() throws IOException {
        synchronized (closeLock) {
            closed = true;
        }
        try {
            super.implCloseSelectableChannel();
        } finally {
            onClose.run();
        }
    }

    @Override
    public void accept(IntConsumer borrower) {
        synchronized (closeLock) {
            if (!closed) {
                borrower.accept(getFDVal());
            }
        }
    }

    // ---- reading ----

    @Override
    public int read(ByteBuffer into) throws IOException {
        int count = super.read(into);
        if (count > 0 && received != null) {
            received.accept(into, count);
        }
        return count;
    }

    @Override
    public long read(ByteBuffer[] into, int offset, int length) throws IOException {
        if (received == null) {
            return super.read(into, offset, length);
        }
        int[] positions = positions(into, offset, length);
        long count = super.read(into, offset, length);
        tell(into, offset, positions, received);
        return count;
    }

    @Override
    int blockingRead(byte[] into, int offset, int length, long nanos) throws IOException {
        int count = super.blockingRead(into, offset, length, nanos);
        if (count > 0 && received != null) {
            received.accept(
                    ByteBuffer.wrap(into, 0, offset + count).position(offset + count), count);
        }
        return count;
    }

    // ---- writing ----

    @Override
    public int write(ByteBuffer from) throws IOException {
        if (sent == null) {
            return super.write(from);
        }
        Objects.requireNonNull(from);
        if (!restIsSent()) {
            return 0;
        }
        int at = lastAnswer.applyAsInt(from);
        int count = at > 0 ? (int) writeLast(new ByteBuffer[] {from}, 0, 1, at) : super.write(from);
        if (count > 0) {
            sent.accept(from, count);
        }
        return count;
    }

    @Override
    public long write(ByteBuffer[] from, int offset, int length) throws IOException {
        if (sent == null) {
            return super.write(from, offset, length);
        }
        Objects.checkFromIndexSize(offset, length, from.length);
        if (!restIsSent()) {
            return 0;
        }
        int[] positions = positions(from, offset, length);
        int at = length > 0 ? lastAnswer.applyAsInt(from[offset]) : 0;
        long count =
                at > 0 ? writeLast(from, offset, length, at) : super.write(from, offset, length);
        tell(from, offset, positions, sent);
        return count;
    }

    @Override
    void blockingWriteFully(byte[] from, int offset, int length) throws IOException {
        if (sent == null) {
            super.blockingWriteFully(from, offset, length);
            return;
        }
        int at = lastAnswer.applyAsInt(ByteBuffer.wrap(from, offset, length));
        if (at > 0) {
            super.blockingWriteFully(from, offset, at);
            super.blockingWriteFully(LAST, 0, LAST.length);
            lastAnswerTold.accept(LAST.length);
        }
        super.blockingWriteFully(from, offset + at, length - at);
        sent.accept(ByteBuffer.wrap(from, 0, offset + length).position(offset + length), length);
    }

    /** Of the application's bytes, so many were sent. */
    private long writeLast(ByteBuffer[] from, int offset, int length, int at) throws IOException {
        ByteBuffer first = from[offset];
        ByteBuffer ours = ByteBuffer.wrap(LAST);
        ByteBuffer[] all = new ByteBuffer[length + 2];
        all[0] = first.slice(first.position(), at);
        all[1] = ours;
        all[2] = first.slice(first.position() + at, first.remaining() - at);
        System.arraycopy(from, offset + 1, all, 3, length - 1);
        long count = super.write(all, 0, all.length);
        first.position(first.position() + all[0].position() + all[2].position());
        if (ours.position() > 0) {
            rest = ours.hasRemaining() ? ours : null;
            lastAnswerTold.accept(LAST.length);
        }
        return count <= 0 ? count : count - ours.position();
    }

    private boolean restIsSent() throws IOException {
        ByteBuffer ours = rest;
        if (ours != null) {
            super.write(ours);
            rest = ours.hasRemaining() ? ours : null;
        }
        return rest == null;
    }

    // ---- what passed in several buffers ----

    private static int[] positions(ByteBuffer[] buffers, int offset, int length) {
        Objects.checkFromIndexSize(offset, length, buffers.length);
        int[] positions = new int[length];
        for (int i = 0; i < length; i++) {
            positions[i] = buffers[offset + i].position();
        }
        return positions;
    }

    private static void tell(
            ByteBuffer[] buffers, int offset, int[] before, ObjIntConsumer<ByteBuffer> told) {
        for (int i = 0; i < before.length; i++) {
            ByteBuffer buffer = buffers[offset + i];
            if (buffer.position() > before[i]) {
                told.accept(buffer, buffer.position() - before[i]);
            }
        }
    }
}
