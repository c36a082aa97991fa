package dev.prefork.launch;

import dev.prefork.ClusterSettings;
import dev.prefork.loop.EventLoop;

import java.util.HashMap;
import java.util.Map;

/**
 * One worker that is wanted.
 *
 * @param id the worker's, which it finds in NODE_UNIQUE_ID
 * @param settings with {@link Launcher#defaults} in them
 * @param environment in addition to this process's own; ours overrides it
 * @param place where it comes to
 * @param loop on which the pipes of the worker are served
 * @param isSpare whether it is to boot and then to wait for its {@link Appointment}
 */
public record LaunchRequest(
        int id,
        ClusterSettings settings,
        Map<String, String> environment,
        Place place,
        EventLoop loop,
        boolean isSpare) {

    /** Of a worker that begins at once. */
    public LaunchRequest(
            int id,
            ClusterSettings settings,
            Map<String, String> environment,
            Place place,
            EventLoop loop) {
        this(id, settings, environment, place, loop, false);
    }

    /** Of a JVM that can become this worker, or another one that differs in id and slot alone. */
    public LaunchRequest forSpare() {
        Map<String, String> common = new HashMap<>(environment);
        common.remove(Slot.VARIABLE);
        return new LaunchRequest(0, settings, common, Place.EMPTY_SLOT, loop, true);
    }

    /** What a spare has to be told to become this worker. */
    public Appointment appointment() {
        return new Appointment(id, environment.get(Slot.VARIABLE));
    }
}
