package dev.prefork.listen;

import dev.prefork.loop.EventLoop;
import dev.prefork.net.Handoff;
import dev.prefork.posix.DescriptorSocket;
import dev.prefork.posix.Epoll;
import dev.prefork.posix.Fd;
import dev.prefork.posix.PosixException;
import dev.prefork.posix.Sockets;

import java.nio.ByteBuffer;

/** A worker's end of a handoff lane. Belongs to the worker's loop. */
final class HandoffEnd implements AutoCloseable {
    /** What comes of a connection. */
    interface Server {
        FakeWorker.Manner arrived(Arrival.Reply reply, Fd connection);
    }

    private static final int SHUT_WR = 1;

    private final DescriptorSocket socket;
    private final EventLoop.Watch watch;
    private final Server server;

    HandoffEnd(EventLoop loop, Fd handle, Server server) throws PosixException {
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

    private void packet(byte kind) {
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
        } catch (PosixException e) {
            throw new IllegalStateException(e);
        }
        socket.close();
    }
}
