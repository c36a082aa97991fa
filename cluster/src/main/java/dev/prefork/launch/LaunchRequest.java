package dev.prefork.launch;

import dev.prefork.ClusterSettings;
import dev.prefork.loop.EventLoop;

import java.util.Map;

/**
 * One worker that is wanted.
 *
 * @param id the worker's, which it finds in NODE_UNIQUE_ID
 * @param settings with {@link Launcher#defaults} in them
 * @param environment in addition to this process's own; ours overrides it
 * @param place where it comes to
 * @param loop on which the pipes of the worker are served
 */
public record LaunchRequest(
        int id,
        ClusterSettings settings,
        Map<String, String> environment,
        Place place,
        EventLoop loop) {}
