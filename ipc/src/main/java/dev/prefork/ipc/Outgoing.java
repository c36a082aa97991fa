package dev.prefork.ipc;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** One message on its way out: its line, its handle, and who wants to know what became of it. */
final class Outgoing {
    final byte[] line;
    final Handle handle;
    private final Delivery delivery;
    int written;
    int resends;
    private boolean told;

    Outgoing(Object message, Handle handle, Delivery delivery) {
        this.line = Json.writeLine(handle == null ? message : wrap(message, handle));
        this.handle = handle;
        this.delivery = delivery;
    }

    private static Map<String, Object> wrap(Object message, Handle handle) {
        // Map.of would refuse a null message.
        Map<String, Object> frame = new LinkedHashMap<>();
        frame.put("cmd", "NODE_HANDLE");
        frame.put("type", handle.type());
        handle.datagramType().ifPresent(type -> frame.put("dgramType", type));
        frame.put("msg", message);
        return frame;
    }

    boolean isWritten() {
        return written == line.length;
    }

    void delivered() {
        tell(Optional.empty());
    }

    void closeHandle() {
        if (handle != null) {
            handle.fd().close();
        }
    }

    void failed(Exception reason) {
        tell(Optional.of(reason));
    }

    /** Once, though a handle may be sent again. */
    private void tell(Optional<Exception> failure) {
        if (!told) {
            told = true;
            delivery.done(failure);
        }
    }
}
