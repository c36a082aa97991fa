package dev.prefork.wire;

import dev.prefork.Message;
import dev.prefork.ipc.Channel;
import dev.prefork.ipc.ChannelListener;
import dev.prefork.ipc.Delivery;
import dev.prefork.ipc.Frame;
import dev.prefork.ipc.Handle;
import dev.prefork.ipc.Receipt;
import dev.prefork.loop.EventLoop;
import dev.prefork.posix.Fd;
import dev.prefork.posix.PosixException;

import java.io.IOException;
import java.nio.channels.SelectableChannel;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * The cluster's frames over one channel: numbers them, and brings each answer to whoever asked.
 * Belongs to the loop's thread, except {@link #send} of the application's messages through {@link
 * #channel}.
 */
public final class ClusterLink {
    /** What the link's owner is told, on the loop's thread. */
    public interface Peer {
        /** The application at the other end sent a message. */
        void message(Message message);

        /**
         * The runtime at the other end asks for something.
         *
         * @param handle what came with it, the peer's to close
         */
        void act(String act, Frame frame, Optional<Fd> handle) throws Exception;

        /** As {@link ChannelListener#error}. */
        void error(Exception problem);

        /** As {@link ChannelListener#disconnected}. */
        void disconnected();
    }

    /** Takes the answer to a frame, once. */
    @FunctionalInterface
    public interface Answer {
        void received(Frame frame, Optional<Fd> handle) throws Exception;
    }

    private static final String COMMAND = "NODE_CLUSTER";

    private final Map<Integer, Answer> unanswered = new HashMap<>();
    private final Peer peer;
    private final Channel channel;
    private final ReceivedSockets sockets;
    private int sequence;

    private ClusterLink(EventLoop loop, Fd socket, Peer peer) throws PosixException {
        this.peer = peer;
        this.sockets = new ReceivedSockets(loop);
        this.channel =
                Channel.open(
                        loop,
                        socket,
                        new Listener(),
                        task -> Thread.ofPlatform().daemon().name("cluster-json").start(task));
        this.sockets.answerTo(channel);
    }

    /**
     * Opens the link. On the loop's thread.
     *
     * @param socket the channel's socket, owned by the link from now on
     */
    public static ClusterLink open(EventLoop loop, Fd socket, Peer peer) throws PosixException {
        return new ClusterLink(loop, socket, peer);
    }

    /** The channel, for the application's messages. */
    public Channel channel() {
        return channel;
    }

    /** Sends {@code {act, …fields}}. */
    public void act(String act, Map<String, ?> fields) {
        send("act", act, fields, null);
    }

    /**
     * Sends {@code {act, …fields}} and waits for its answer, which never comes if the channel
     * closes first.
     *
     * @param handle goes with it, or null; the channel's from now on
     */
    public void ask(String act, Map<String, ?> fields, Handle handle, Answer answer) {
        unanswered.put(sequence, answer);
        send("act", act, fields, handle);
    }

    /**
     * Answers a frame that asked.
     *
     * @param handle goes with it, or null; the channel's from now on
     */
    public void answer(Frame asked, Map<String, ?> fields, Handle handle) {
        send("ack", asked.fields().get("seq"), fields, handle);
    }

    private void send(String kind, Object value, Map<String, ?> fields, Handle handle) {
        Map<String, Object> frame = new LinkedHashMap<>();
        frame.put("cmd", COMMAND);
        frame.putAll(fields);
        frame.put(kind, value);
        frame.put("seq", sequence++);
        channel.send(frame, handle, Delivery.IGNORED);
    }

    private final class Listener implements ChannelListener {
        @Override
        public void message(Object value, Optional<Handle> handle, Receipt receipt)
                throws IOException {
            Optional<SelectableChannel> socket =
                    handle.isPresent() ? sockets.open(handle.get()) : Optional.empty();
            peer.message(new Message(value, socket));
            receipt.done();
        }

        @Override
        public void frame(Frame frame, Optional<Fd> handle, Receipt receipt) throws Exception {
            receipt.done();
            if (!frame.command().equals(COMMAND)) {
                handle.ifPresent(Fd::close);
                sockets.frame(frame);
                return;
            }
            Answer answer = frame.integer("ack").map(unanswered::remove).orElse(null);
            Optional<String> act = frame.text("act");
            if (answer != null) {
                answer.received(frame, handle);
            } else if (act.isPresent()) {
                peer.act(act.get(), frame, handle);
            } else {
                // An answer that nobody waits for: Node ignores it too.
                handle.ifPresent(Fd::close);
            }
        }

        @Override
        public void error(Exception problem) {
            peer.error(problem);
        }

        @Override
        public void disconnected() {
            unanswered.clear();
            peer.disconnected();
        }
    }
}
