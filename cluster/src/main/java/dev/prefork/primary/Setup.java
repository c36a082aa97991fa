package dev.prefork.primary;

import dev.prefork.ClusterSettings;
import dev.prefork.SchedulingPolicy;
import dev.prefork.launch.Launcher;

import java.util.Objects;

/** The settings of a primary, and how they come about (SPEC B5, B6, B7). Safe for any thread. */
final class Setup {
    private final Launcher launcher;
    private final ClusterEvents events;
    private ClusterSettings settings = ClusterSettings.empty();
    private SchedulingPolicy policy;

    /** From the first setup on, which is also what brings the defaults into the settings. */
    private boolean policyIsFixed;

    /**
     * @throws IllegalArgumentException when the environment names an unknown policy
     */
    Setup(Launcher launcher, ClusterEvents events) {
        this.launcher = launcher;
        this.events = events;
        String word = System.getenv(SchedulingPolicy.VARIABLE);
        this.policy = word == null ? SchedulingPolicy.ROUND_ROBIN : SchedulingPolicy.of(word);
    }

    synchronized ClusterSettings settings() {
        return settings;
    }

    synchronized SchedulingPolicy policy() {
        return policy;
    }

    synchronized void policy(SchedulingPolicy wanted) {
        Objects.requireNonNull(wanted, "policy is null");
        if (policyIsFixed && wanted != policy) {
            throw new IllegalStateException(
                    "schedulingPolicy="
                            + wanted
                            + ": it is "
                            + policy
                            + " since the first fork() or setupPrimary(); set it before");
        }
        policy = wanted;
    }

    /** Changes what is named, and returns what holds now. */
    synchronized ClusterSettings change(ClusterSettings changes) {
        return become((policyIsFixed ? settings : launcher.defaults()).with(changes));
    }

    /** Forgets all changes, and names others. */
    synchronized void reset(ClusterSettings changes) {
        var _ = become(launcher.defaults().with(changes));
    }

    private ClusterSettings become(ClusterSettings now) {
        settings = now;
        policyIsFixed = true;
        events.thread().execute(() -> events.setup().emit(now));
        return now;
    }
}
