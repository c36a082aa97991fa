package dev.prefork.wire;

import dev.prefork.ipc.Frame;
import dev.prefork.ipc.ProtocolException;

import java.util.Map;
import java.util.Optional;

/**
 * Worker to primary: it is this process, below the one that was started (decision 0019). Only our
 * workers say it.
 *
 * @param pid as the worker knows it, which may have a pid namespace of its own
 */
public record Joined(Optional<Integer> pid) implements Act {
    static final String WORD = "joined";

    private static final String PID = "pid";

    public Joined(int pid) {
        this(Optional.of(pid));
    }

    static Joined of(Frame frame) throws ProtocolException {
        return new Joined(Int32.of(frame, PID));
    }

    @Override
    public String word() {
        return WORD;
    }

    @Override
    public Map<String, Object> fields() {
        return pid.isPresent() ? Map.of(PID, pid.get()) : Map.of();
    }
}
