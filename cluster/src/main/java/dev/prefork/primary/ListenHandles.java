package dev.prefork.primary;

import dev.prefork.SchedulingPolicy;
import dev.prefork.ipc.Frame;
import dev.prefork.ipc.ProtocolException;
import dev.prefork.loop.EventLoop;
import dev.prefork.posix.PosixException;

import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;

/** All addresses that workers listen on. Belongs to the loop's thread. */
final class ListenHandles {
    private final EventLoop loop;
    private final SchedulingPolicy policy;
    private final Map<String, ListenHandle> handles = new HashMap<>();

    ListenHandles(EventLoop loop, SchedulingPolicy policy) {
        this.loop = loop;
        this.policy = policy;
    }

    /** A worker asks to listen: opens the address for the first one, and answers. */
    void listen(ForkedWorker worker, Frame queryServer) throws ProtocolException {
        ListenKey key = ListenKey.of(queryServer);
        String name = key.wireName();
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("errno", null);
        fields.put("key", name);
        fields.put("data", queryServer.fields().get("data"));
        ListenHandle handle;
        try {
            handle = handles.containsKey(name) ? handles.get(name) : open(key, queryServer);
        } catch (PosixException e) {
            refuse(worker, queryServer, fields, e);
            return;
        }
        if (handle.isMember(worker)) {
            throw new ProtocolException(worker + " listens on " + name + " twice");
        }
        try {
            ListenHandle.Admission admission = handle.add(worker);
            handles.put(name, handle);
            worker.handles().add(handle);
            fields.putAll(admission.fields());
            worker.link().answer(queryServer, fields, admission.handle());
            handle.admitted(worker);
        } catch (PosixException noDescriptorLeft) {
            if (!handles.containsKey(name)) {
                handle.close();
            }
            refuse(worker, queryServer, fields, noDescriptorLeft);
        }
    }

    private static void refuse(
            ForkedWorker worker, Frame queryServer, Map<String, Object> fields, PosixException e) {
        fields.put("errno", -e.errno());
        worker.link().answer(queryServer, fields, null);
    }

    private ListenHandle open(ListenKey key, Frame queryServer)
            throws PosixException, ProtocolException {
        ListenSocket.Wishes wishes = ListenSocket.Wishes.of(queryServer);
        if (key.isUdp()) {
            return new SharedHandle(key, wishes);
        }
        return switch (policy) {
            case ROUND_ROBIN -> new RoundRobinHandle(loop, key, wishes);
            case NONE -> new SharedHandle(key, wishes);
        };
    }

    /** A worker closed one of its servers. */
    void close(ForkedWorker worker, String name) {
        ListenHandle handle = handles.get(name);
        if (handle != null && handle.remove(worker)) {
            handles.remove(name);
        }
    }

    /** A worker leaves all its addresses. */
    void leave(ForkedWorker worker) {
        handles.values().removeIf(handle -> handle.remove(worker));
    }

    void channelClosed(ForkedWorker worker) {
        worker.handles().forEach(handle -> handle.channelClosed(worker));
    }

    void processEnded(ForkedWorker worker) {
        worker.handles().forEach(handle -> handle.processEnded(worker));
        worker.handles().clear();
    }
}
