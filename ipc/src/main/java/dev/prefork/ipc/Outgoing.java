package dev.prefork.ipc;

import dev.prefork.json.Json;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** One message on its way out: its line, its handle, and who wants to know what became of it. */
final class Outgoing {
    /** Why it is sent. */
    enum Kind {
        /** Somebody here wants to. */
        OWN,
        /** It answers what the other end has sent. */
        REPLY,
        /** It tells the other end whether a handle has arrived: that end waits for it. */
        CONTROL
    }

    final byte[] line;
    final Handle handle;
    final Kind kind;
    private final Delivery delivery;
    private int written;
    private int resends;
    private boolean told;

    Outgoing(Object message, Handle handle, Kind kind, Delivery delivery) {
        this(
                Json.writeLine(handle == null ? message : wrap(message, handle)),
                handle,
                kind,
                delivery);
    }

    /** A line that is written already. */
    Outgoing(byte[] line, Handle handle, Kind kind, Delivery delivery) {
        this.line = line;
        this.handle = handle;
        this.kind = kind;
        this.delivery = delivery;
    }

    /** As Bun writes a frame: with its mark, and a handle goes with no wrapper but a field. */
    static Outgoing marked(Frame frame, Handle handle, Kind kind, Delivery delivery) {
        Map<String, Object> fields = new LinkedHashMap<>(frame.fields());
        if (handle != null) {
            fields.put(Frame.MARKED_HAS_HANDLE, true);
        }
        byte[] line = Json.writeLine(fields);
        byte[] marked = new byte[line.length + 1];
        marked[0] = LineDecoder.MARK;
        System.arraycopy(line, 0, marked, 1, line.length);
        return new Outgoing(marked, handle, kind, delivery);
    }

    private static Map<String, Object> wrap(Object message, Handle handle) {
        // Map.of would refuse a null message.
        Map<String, Object> frame = new LinkedHashMap<>();
        frame.put("cmd", Frame.HANDLE);
        frame.put("type", handle.type());
        handle.datagramType().ifPresent(type -> frame.put("dgramType", type));
        frame.put("msg", message);
        return frame;
    }

    int written() {
        return written;
    }

    int unwritten() {
        return line.length - written;
    }

    void wrote(int count) {
        written += count;
    }

    /** All of it is to be written again, unless that was done so many times. */
    boolean resend(int most) {
        if (resends == most) {
            return false;
        }
        resends++;
        written = 0;
        return true;
    }

    void closeHandle() {
        if (handle != null) {
            handle.fd().close();
        }
    }

    void delivered() {
        tell(Optional.empty());
    }

    void failed(Exception reason) {
        tell(Optional.of(reason));
    }

    void handleLost() {
        delivery.handleLost();
    }

    /** Once, though a handle may be sent again. */
    private void tell(Optional<Exception> failure) {
        if (!told) {
            told = true;
            delivery.done(failure);
        }
    }
}
