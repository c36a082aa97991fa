package dev.prefork.wire;

import dev.prefork.Message;
import dev.prefork.ipc.Channel;
import dev.prefork.ipc.ChannelClosedException;
import dev.prefork.ipc.ChannelListener;
import dev.prefork.ipc.Delivery;
import dev.prefork.ipc.Frame;
import dev.prefork.ipc.Handle;
import dev.prefork.ipc.ProtocolException;
import dev.prefork.ipc.Receipt;
import dev.prefork.json.JsonText;
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
 * The cluster's acts over one channel: numbers them, and brings each answer to whoever asked.
 * Belongs to the loop's thread, except {@link Channel#send} of the application's messages through
 * {@link #channel}.
 */
public final class ClusterLink {
    /** What the link's owner is told, on the loop's thread. */
    public interface Peer {
        /**
         * The application at the other end sent a message.
         *
         * @param receipt to be given once nobody needs the message any more
         */
        void message(Message message, Receipt receipt);

        /**
         * The runtime at the other end says or asks something.
         *
         * @param asked for its answer, if it is a question
         * @param handle what came with it, the peer's to close
         * @param receipt to be given once nobody needs the act any more
         */
        void act(Act act, Asked asked, Optional<Fd> handle, Receipt receipt) throws Exception;

        /** As {@link ChannelListener#error}. */
        void error(Exception problem);

        /** As {@link ChannelListener#broken}. */
        default void broken(ProtocolException by) {}

        /** As {@link ChannelListener#disconnected}. */
        void disconnected();
    }

    /** A question of the other end that can be answered, by its number there. */
    public record Asked(Object seq) {}

    /** Takes the answer to a question, once. */
    @FunctionalInterface
    public interface AnswerListener<A extends Answer> {
        /**
         * The answer has come.
         *
         * @param handle what came with it, the listener's to close
         */
        void received(A answer, Optional<Fd> handle) throws Exception;
    }

    /** Reads an answer and passes it on. */
    private interface Unanswered {
        void received(Frame frame, Optional<Fd> handle) throws Exception;
    }

    private static final String COMMAND = "NODE_CLUSTER";
    private static final String CMD = "cmd";
    private static final String ACT = "act";
    private static final String ACK = "ack";
    private static final String SEQ = "seq";

    private final Map<Integer, Unanswered> unanswered = new HashMap<>();
    private final Peer peer;
    private final Channel channel;
    private final ReceivedSockets sockets;
    private int sequence;

    /** The other end was told to disconnect when nobody knew yet whether it is a Bun. */
    private boolean isToldEarly;

    private ClusterLink(EventLoop loop, Fd socket, Peer peer) throws PosixException {
        this.peer = peer;
        this.sockets = new ReceivedSockets(loop);
        this.channel = Channel.open(loop, socket, new Listener(), LargeMessages.PARSER);
        this.sockets.answerTo(channel);
    }

    /**
     * Opens the link. On the loop's thread.
     *
     * @param socket the channel's socket, owned by the link from now on, even if this fails
     */
    public static ClusterLink open(EventLoop loop, Fd socket, Peer peer) throws PosixException {
        try {
            return new ClusterLink(loop, socket, peer);
        } catch (PosixException e) {
            socket.close();
            throw e;
        }
    }

    /** The channel, for the application's messages. */
    public Channel channel() {
        return channel;
    }

    /** How many questions wait for an answer. */
    int unanswered() {
        return unanswered.size();
    }

    /** Says something that is not answered. */
    public void tell(Act act) {
        isToldEarly |= act == Act.Simple.DISCONNECT && !channel.isMarking();
        channel.send(frame(ACT, act.word(), act.fields()), null, Delivery.IGNORED);
    }

    /** As {@link #ask(Question, Handle, AnswerListener, Runnable)}, without a handle. */
    public <A extends Answer> void ask(Question<A> question, AnswerListener<A> listener) {
        ask(question, null, listener, () -> {});
    }

    /**
     * Asks. The answer never comes if the channel closes first.
     *
     * @param handle goes with it, or null; the channel's from now on
     * @param lost told instead of an answer if the handle cannot reach the other end, and so the
     *     question neither
     */
    public <A extends Answer> void ask(
            Question<A> question, Handle handle, AnswerListener<A> listener, Runnable lost) {
        int number = sequence;
        unanswered.put(
                number, (frame, received) -> listener.received(question.answer(frame), received));
        channel.send(
                frame(ACT, question.word(), question.fields()), handle, new Asking(number, lost));
    }

    /** Answers a question. */
    public void answer(Asked asked, Answer answer) {
        answer(asked, answer, null, () -> {});
    }

    /**
     * Answers a question.
     *
     * @param handle goes with it, or null; the channel's from now on
     * @param lost told if the handle cannot reach the other end, and so the answer neither: it may
     *     be answered once more
     */
    public void answer(Asked asked, Answer answer, Handle handle, Runnable lost) {
        channel.reply(frame(ACK, asked.seq(), answer.fields()), handle, new IfLost(lost));
    }

    private Map<String, Object> frame(String kind, Object value, Map<String, Object> fields) {
        Map<String, Object> frame = new LinkedHashMap<>();
        frame.put(CMD, COMMAND);
        frame.putAll(fields);
        frame.put(kind, value);
        frame.put(SEQ, sequence++);
        return frame;
    }

    /**
     * That the channel is closed does not matter: the other end waits for nothing then. What cannot
     * be written to an open one, such as a descriptor when too many are under way, is lost as well.
     */
    private record IfLost(Runnable action) implements Delivery {
        @Override
        public void done(Optional<Exception> failure) {
            if (failure.filter(reason -> !(reason instanceof ChannelClosedException)).isPresent()) {
                action.run();
            }
        }

        @Override
        public void handleLost() {
            action.run();
        }
    }

    /** What is not written, or lost with its handle, is not answered. */
    private final class Asking implements Delivery {
        private final int number;
        private final IfLost lost;

        Asking(int number, Runnable lost) {
            this.number = number;
            this.lost = new IfLost(lost);
        }

        @Override
        public void done(Optional<Exception> failure) {
            if (failure.isPresent()) {
                unanswered.remove(number);
                lost.done(failure);
            }
        }

        @Override
        public void handleLost() {
            unanswered.remove(number);
            lost.handleLost();
        }
    }

    private final class Listener implements ChannelListener {
        @Override
        public void message(JsonText content, Optional<Handle> handle, Receipt receipt)
                throws IOException {
            Optional<SelectableChannel> socket =
                    handle.isPresent() ? sockets.open(handle.get()) : Optional.empty();
            peer.message(new Message(content, socket), receipt);
        }

        @Override
        public void frame(Frame frame, Optional<Fd> handle, Receipt receipt) throws Exception {
            if (!frame.command().equals(COMMAND)) {
                handle.ifPresent(Fd::close);
                sockets.frame(frame);
                receipt.done();
                return;
            }
            if (isToldEarly && channel.isMarking()) {
                // Without the mark it has taken it for a message.
                isToldEarly = false;
                tell(Act.Simple.DISCONNECT);
            }
            Unanswered answered = frame.integer(ACK).map(unanswered::remove).orElse(null);
            if (answered != null) {
                answered.received(frame, handle);
                receipt.done();
                return;
            }
            act(frame, handle, receipt);
        }

        private void act(Frame frame, Optional<Fd> handle, Receipt receipt) throws Exception {
            Optional<String> word = frame.text(ACT);
            Optional<Act> act = word.isPresent() ? Act.of(word.get(), frame) : Optional.empty();
            if (act.isPresent()) {
                peer.act(act.get(), new Asked(frame.fields().get(SEQ)), handle, receipt);
            } else {
                // An act that we do not know, or an answer that nobody waits for: Node ignores
                // them too.
                handle.ifPresent(Fd::close);
                receipt.done();
            }
        }

        @Override
        public void error(Exception problem) {
            peer.error(problem);
        }

        @Override
        public void broken(ProtocolException by) {
            peer.broken(by);
        }

        @Override
        public void disconnected() {
            unanswered.clear();
            peer.disconnected();
        }
    }
}
