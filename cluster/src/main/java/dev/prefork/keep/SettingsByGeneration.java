package dev.prefork.keep;

import dev.prefork.ClusterSettings;
import dev.prefork.Prefork;

import java.util.HashMap;
import java.util.Map;
import java.util.Set;

/** The cluster's settings as they were when a generation began, for all that are of it. */
final class SettingsByGeneration implements ClusterWorkers.Generations {
    private final Prefork cluster;
    private final Map<Integer, ClusterSettings> all = new HashMap<>();

    SettingsByGeneration(Prefork cluster) {
        this.cluster = cluster;
    }

    @Override
    public ClusterSettings settings(int number) {
        return all.computeIfAbsent(
                number,
                _ -> {
                    // Brings the defaults in, if nothing has before.
                    cluster.setup(ClusterSettings.empty());
                    return cluster.settings();
                });
    }

    @Override
    public void keepOnly(int number) {
        all.keySet().retainAll(Set.of(number));
    }
}
