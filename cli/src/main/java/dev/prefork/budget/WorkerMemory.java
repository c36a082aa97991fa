package dev.prefork.budget;

import dev.prefork.ClusterSettings;
import dev.prefork.launch.WorkerJvm;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Consumer;

/** Gives each worker its part of the machine, and says which when it is new. For one thread. */
public final class WorkerMemory {
    private final OptionalLong bytes;
    private final int processors;
    private final int workers;
    private final int jvms;
    private final Consumer<String> say;
    private Optional<String> said = Optional.empty();

    /**
     * Of this machine.
     *
     * @param workers how many serve
     * @param jvms how many may run at once: they, and those that a reload starts beside them
     * @param say is told in a sentence what the workers have
     */
    public WorkerMemory(int workers, int jvms, Consumer<String> say) {
        this(
                new MachineMemory().bytes(),
                Runtime.getRuntime().availableProcessors(),
                workers,
                jvms,
                say);
    }

    WorkerMemory(OptionalLong bytes, int processors, int workers, int jvms, Consumer<String> say) {
        this.bytes = bytes;
        this.processors = processors;
        this.workers = workers;
        this.jvms = jvms;
        this.say = say;
    }

    /** The settings of a standalone worker, with the options in them that make all of them fit. */
    public ClusterSettings in(ClusterSettings settings) {
        if (bytes.isEmpty()) {
            return settings;
        }
        try {
            List<String> asked = WorkerJvm.optionsOf(settings);
            Path home = WorkerJvm.homeOf(WorkerJvm.javaOf(settings));
            Budget budget =
                    new Budget(
                            bytes.getAsLong(),
                            processors,
                            workers,
                            jvms,
                            settings.spares().orElse(0));
            Allotment allotment = Allotment.of(budget, home, asked);
            tell(sentence(budget, allotment, asked));
            return with(settings, allotment.options());
        } catch (IOException noJava) {
            // It says so itself.
            return settings;
        }
    }

    private static ClusterSettings with(ClusterSettings settings, List<String> options) {
        if (options.isEmpty()) {
            return settings;
        }
        List<String> all = new ArrayList<>(options);
        all.addAll(settings.execArgv().orElse(List.of()));
        return settings.with(ClusterSettings.builder().execArgv(all).build());
    }

    private void tell(Optional<String> sentence) {
        if (!sentence.equals(said)) {
            sentence.ifPresent(say);
            said = sentence;
        }
    }

    private static Optional<String> sentence(
            Budget budget, Allotment allotment, List<String> asked) {
        String collector = allotment.serial() ? " and the serial collector" : "";
        if (allotment.heapMegabytes().isPresent()) {
            long heap = allotment.heapMegabytes().getAsLong();
            return Optional.of(
                    budget.isEnough()
                            ? "each worker has at most %d MB of heap%s, so that %d fit into %d MB (-Xmx says otherwise, --plain-jvm leaves it to java)"
                                    .formatted(heap, collector, budget.jvms(), budget.megabytes())
                            : "%d workers hardly fit into %d MB: each has at most %d MB of heap%s; say fewer with -w"
                                    .formatted(budget.jvms(), budget.megabytes(), heap, collector));
        }
        OptionalLong most = Allotment.mostHeap(asked);
        if (most.isPresent() && most.getAsLong() * budget.jvms() > budget.megabytes()) {
            return Optional.of(
                    "%d workers of %d MB of heap each may need more than the %d MB that there are; say less with -Xmx, or fewer with -w"
                            .formatted(budget.jvms(), most.getAsLong(), budget.megabytes()));
        }
        if (allotment.serial() && most.isEmpty()) {
            return Optional.of(
                    "each worker has the serial collector, as on a machine with one processor"
                            + " (-XX:+UseG1GC says otherwise, --plain-jvm leaves it to java)");
        }
        return Optional.empty();
    }
}
