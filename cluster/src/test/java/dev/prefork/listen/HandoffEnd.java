package dev.prefork.listen;

import dev.prefork.loop.EventLoop;
import dev.prefork.net.Handoff;
import dev.prefork.posix.DescriptorSocket;
import dev.prefork.posix.Epoll;
import dev.prefork.posix.Fd;
import dev.prefork.posix.PosixException;
import dev.prefork.posix.Sockets;

import java.nio.ByteBuffer;
import java.util.Optional;

/** A worker's end of a handoff lane. Belongs to the worker's loop. */
final class HandoffEnd implements AutoCloseable {
    /** What comes of a connection. */
    interface Server {
        FakeWorker.Manner arrived(Arrival.Reply reply, Fd connection);
    }

    private static final int SHUT_WR = 1;

    private final EventLoop loop;
    private final DescriptorSocket socket;
    private final EventLoop.Watch watch;
    private final Server server;
    private Optional<Listener> listener = Optional.empty();

    private record Listener(Fd socket, EventLoop.Watch watch) {}

    HandoffEnd(EventLoop loop, Fd handle, Server server) throws PosixException {
        this.loop = loop;
        this.watch = loop.watch(handle.number(), Epoll.READABLE, ready -> receive());
        this.socket = new DescriptorSocket(handle, Handoff.BUFFER_BYTES);
        this.server = server;
    }

    private void receive() throws PosixException {
        int count = socket.receive();
        if (count == 0) {
            watch.cancel();
        } else if (count > 0) {
            packet(socket.received().get(0));
        }
    }

    /** What it accepts by itself nobody waits to hear of. */
    private void listen(Fd socket) throws PosixException {
        EventLoop.Watch accepting =
                loop.watch(
                        socket.number(),
                        Epoll.READABLE,
                        ready -> {
                            int connection = Sockets.accept(socket.number());
                            if (connection >= 0) {
                                server.arrived(taken -> {}, Fd.owning(connection));
                            }
                        });
        listener = Optional.of(new Listener(socket, accepting));
        say(Handoff.READY);
    }

    private void packet(byte kind) throws PosixException {
        if (kind == Handoff.LISTENER) {
            listen(socket.takeDescriptor());
            return;
        }
        if (kind == Handoff.PROBE) {
            say(Handoff.READY);
            return;
        }
        Fd connection = socket.takeDescriptor();
        if (connection == null) {
            say(Handoff.NOT_ACCEPTED);
            return;
        }
        Arrival.Reply reply = taken -> say(taken ? Handoff.ACCEPTED : Handoff.NOT_ACCEPTED);
        switch (server.arrived(reply, connection)) {
            case TAKES -> reply.say(true);
            case REFUSES -> reply.say(false);
            case HOLDS -> {
                // The test says it.
            }
        }
    }

    void say(byte kind) {
        if (socket.isOpen()) {
            socket.send(new byte[] {kind}, 0, 1, DescriptorSocket.NO_DESCRIPTOR);
        }
    }

    void sayClosed(int count) {
        byte[] packet = ByteBuffer.allocate(5).put(Handoff.CLOSED).putInt(count).array();
        socket.send(packet, 0, packet.length, DescriptorSocket.NO_DESCRIPTOR);
    }

    /** The primary reads the end of the stream. */
    void end() {
        Sockets.shutDown(socket.descriptor(), SHUT_WR);
    }

    @Override
    public void close() {
        try {
            watch.cancel();
            if (listener.isPresent()) {
                listener.get().watch().cancel();
                listener.get().socket().close();
            }
        } catch (PosixException e) {
            throw new IllegalStateException(e);
        }
        socket.close();
    }
}
