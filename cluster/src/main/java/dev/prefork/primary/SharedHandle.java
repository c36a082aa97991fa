package dev.prefork.primary;

import dev.prefork.ipc.Handle;
import dev.prefork.posix.PosixException;

import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/**
 * SCHED_NONE: the workers share the listening socket and accept from it themselves; the operating
 * system decides. A datagram socket is always shared so: it has no connections that could be handed
 * out.
 */
final class SharedHandle implements ListenHandle {
    private final ListenSocket socket;
    private final String handleType;
    private final Set<ForkedWorker> workers = new HashSet<>();

    SharedHandle(ListenKey key, ListenSocket.Wishes wishes) throws PosixException {
        this.socket = ListenSocket.open(key, wishes);
        this.handleType = key.isUdp() ? Handle.DGRAM_NATIVE : Handle.NET_NATIVE;
    }

    @Override
    public boolean isMember(ForkedWorker worker) {
        return workers.contains(worker);
    }

    @Override
    public Admission add(ForkedWorker worker) throws PosixException {
        Handle copy = new Handle(handleType, socket.fd().duplicate());
        workers.add(worker);
        Map<String, Object> fields = new LinkedHashMap<>();
        socket.sockname().ifPresent(name -> fields.put("sockname", name));
        return new Admission(fields, copy);
    }

    @Override
    public void admitted(ForkedWorker worker) {
        // It accepts from now on; nothing of ours is in the path.
    }

    @Override
    public boolean remove(ForkedWorker worker) {
        if (!workers.remove(worker) || !workers.isEmpty()) {
            return false;
        }
        close();
        return true;
    }

    @Override
    public void close() {
        socket.close();
    }

    @Override
    public void channelClosed(ForkedWorker worker) {
        // A connection that it accepted is its own; one that it did not is in the shared queue.
    }

    @Override
    public void processEnded(ForkedWorker worker) {
        // As above.
    }
}
