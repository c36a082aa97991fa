package dev.prefork.ipc;

import dev.prefork.json.JsonText;
import dev.prefork.json.Limits;
import dev.prefork.loop.EventLoop;
import dev.prefork.posix.DescriptorSocket;
import dev.prefork.posix.Fd;

import java.io.EOFException;
import java.util.ArrayDeque;
import java.util.Optional;
import java.util.concurrent.Executor;

/**
 * Bytes and descriptors on their way to the listener: cuts them into messages, in order, and
 * answers those about handles.
 *
 * <p>While another thread reads a {@link LongLine}, nothing behind it is looked at. Belongs to the
 * loop's thread.
 */
final class Incoming {
    /** What the messages about handles do to the channel. */
    interface Handles {
        void answer(String command);

        void acknowledged() throws ProtocolException;

        void notAcknowledged() throws ProtocolException;
    }

    private final EventLoop loop;
    private final ChannelListener listener;
    private final Handles handles;
    private final ReceiveWindow window;
    private final Executor parser;
    private final Runnable goOn;
    private final LineDecoder decoder = new LineDecoder(Limits.MAX_LINE_BYTES);
    private final ArrayDeque<Fd> descriptors = new ArrayDeque<>();
    private final LineReader reader = new LineReader();
    private LongLine longLine;
    private boolean longLineIsMarked;
    private volatile boolean marks;
    private boolean parsing;
    private boolean closed;

    /**
     * @param goOn called on the loop when {@link #deliver} should be, as a long line was read
     */
    Incoming(
            EventLoop loop,
            ChannelListener listener,
            Handles handles,
            ReceiveWindow window,
            Executor parser,
            Runnable goOn) {
        this.loop = loop;
        this.listener = listener;
        this.handles = handles;
        this.window = window;
        this.parser = parser;
        this.goOn = goOn;
    }

    /** Takes what the socket has received. */
    void feed(DescriptorSocket socket) throws ProtocolException {
        for (Fd fd = socket.takeDescriptor(); fd != null; fd = socket.takeDescriptor()) {
            descriptors.add(fd);
        }
        try {
            decoder.feed(socket.received());
        } catch (OutOfMemoryError full) {
            throw LongLine.blame(decoder.pending(), full);
        }
    }

    /**
     * Delivers messages for as long as the channel may.
     *
     * @return whether there are no more, so that the socket can be asked for some
     */
    boolean deliver(ChannelReader.Gate gate) throws ProtocolException {
        while (!parsing && gate.isOpen()) {
            if (longLine != null) {
                LongLine read = longLine;
                longLine = null;
                message(read.content(), longLineIsMarked, read.length());
            } else if (!decoder.next()) {
                checkDescriptors();
                return true;
            } else if (decoder.length() > LongLine.MIN_BYTES) {
                parseElsewhere();
            } else {
                message(read(), decoder.isMarked(), decoder.length());
            }
        }
        return false;
    }

    private JsonText read() throws ProtocolException {
        return reader.read(decoder.bytes(), decoder.offset(), decoder.length(), decoder.isPlain());
    }

    /**
     * A descriptor comes with the first byte of its message, and one at a time. Whoever sends more
     * hoards ours.
     */
    private void checkDescriptors() throws ProtocolException {
        if (descriptors.size() > (isInsideLine() ? 1 : 0)) {
            throw new ProtocolException("a descriptor came without a message of its own");
        }
    }

    private void parseElsewhere() throws ProtocolException {
        longLineIsMarked = decoder.isMarked();
        longLine =
                LongLine.parse(
                        decoder,
                        reader,
                        parser,
                        loop,
                        () -> {
                            parsing = false;
                            goOn.run();
                        });
        parsing = true;
    }

    /**
     * What there is to say of the end, or null; no breach of the protocol: the other process was
     * ended while it wrote.
     */
    EOFException cutOff() {
        return isInsideLine()
                ? new EOFException("the channel ended in the middle of a message")
                : null;
    }

    private boolean isInsideLine() {
        return decoder.pending() > 0;
    }

    /** As {@link Channel#isMarking}. */
    boolean isMarking() {
        return marks;
    }

    /** Whether another thread reads the next message. */
    boolean isParsing() {
        return parsing;
    }

    void close() {
        closed = true;
        decoder.close();
        descriptors.forEach(Fd::close);
        descriptors.clear();
        longLine = null;
    }

    private void message(JsonText content, boolean marked, int bytes) throws ProtocolException {
        if (marked) {
            marks = true;
            Frame ofBun = Frame.ofMarked(content.value());
            deliver(content, Optional.of(ofBun), Optional.empty(), bytes);
            return;
        }
        Optional<Frame> frame = frame(content);
        if (frame.isEmpty()) {
            deliver(content, frame, Optional.empty(), bytes);
            return;
        }
        switch (frame.get().command()) {
            case Frame.HANDLE_ACK -> handles.acknowledged();
            case Frame.HANDLE_NACK -> handles.notAcknowledged();
            case Frame.HANDLE -> handle(frame.get(), content, bytes);
            default -> deliver(content, frame, Optional.empty(), bytes);
        }
    }

    private void handle(Frame frame, JsonText whole, int bytes) throws ProtocolException {
        String type =
                frame.text("type")
                        .orElseThrow(() -> new ProtocolException("NODE_HANDLE without a type"));
        Optional<String> key = frame.text("key");
        Fd fd = descriptors.poll();
        if (fd == null) {
            // Dropped by the kernel: this process had no free descriptor.
            handles.answer(Frame.HANDLE_NACK);
            return;
        }
        try {
            handles.answer(Frame.HANDLE_ACK);
        } catch (Throwable fault) {
            fd.close();
            throw fault;
        }
        if (closed) {
            // That was the last that it had to write.
            fd.close();
            return;
        }
        Handle handle = new Handle(type, fd, Optional.empty(), key);
        JsonText content = whole.member("msg", frame.fields().get("msg"));
        deliver(content, frame(content), Optional.of(handle), bytes);
    }

    private static Optional<Frame> frame(JsonText content) {
        return content.mayBeInternal() ? Frame.of(content.value()) : Optional.empty();
    }

    /**
     * The listener's own faults must not look like the peer's, nor stop the next message; and what
     * it was given and did not take must not stay open.
     *
     * @param frame what the content is, if it is one
     */
    private void deliver(
            JsonText content, Optional<Frame> frame, Optional<Handle> handle, int bytes)
            throws ProtocolException {
        Receipt receipt = window.take(bytes);
        try {
            if (frame.isPresent()) {
                listener.frame(frame.get(), handle.map(Handle::fd), receipt);
            } else {
                listener.message(content, handle, receipt);
            }
        } catch (Throwable fault) {
            receipt.done();
            handle.ifPresent(unused -> unused.fd().close());
            switch (fault) {
                case ProtocolException broken -> throw broken;
                case Exception ours -> listener.error(ours);
                default -> loop.fault(fault);
            }
        }
    }
}
