package dev.prefork.cli;

import dev.prefork.drive.Workers;
import dev.prefork.supervise.WorkerEvent;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Workers that are warmed up while others serve: such a one is said to listen when its {@link
 * WarmUp} is over, and nobody else's connections go there before. Where nobody serves it is not
 * kept from it.
 */
final class WarmWorkers implements Workers {
    /** As they are written for people, of TCP. */
    private static final Pattern ADDRESS =
            Pattern.compile("(?:(\\*)|\\[([0-9a-fA-F:.]+)]|([0-9.]+)):(\\d+)");

    private final Workers workers;
    private final WarmUp warmUp;
    private final ColdWorkers cold;
    private final Consumer<String> say;
    private final Set<Integer> serving = ConcurrentHashMap.newKeySet();
    private final Map<Integer, Held> held = new ConcurrentHashMap<>();
    private Listener listener;

    /**
     * Warms up those of others.
     *
     * @param cold whom the balancers leave out
     * @param say prints a sentence
     */
    WarmWorkers(Workers workers, WarmUp warmUp, ColdWorkers cold, Consumer<String> say) {
        this.workers = workers;
        this.warmUp = warmUp;
        this.cold = cold;
        this.say = say;
    }

    /** What happened to a worker while it is warmed up, to be told afterwards, in its order. */
    private static final class Held {
        private final List<Runnable> later = new ArrayList<>();
        private boolean over;

        synchronized void then(Runnable told) {
            if (over) {
                told.run();
            } else {
                later.add(told);
            }
        }

        synchronized void release() {
            over = true;
            later.forEach(Runnable::run);
            later.clear();
        }

        /** None of it matters any more. */
        synchronized void drop() {
            over = true;
            later.clear();
        }

        synchronized boolean isOver() {
            return over;
        }
    }

    @Override
    public void listen(Listener told) {
        listener = told;
        workers.listen(
                new Listener() {
                    @Override
                    public void happened(int id, WorkerEvent event) {
                        WarmWorkers.this.happened(id, event);
                    }

                    @Override
                    public void broken(Throwable fault) {
                        told.broken(fault);
                    }
                });
    }

    @Override
    public Started fork(int slot, int generation) {
        boolean othersServe = !serving.isEmpty();
        Started started = workers.fork(slot, generation);
        if (othersServe) {
            cold.add(started.id());
        }
        return started;
    }

    private void happened(int id, WorkerEvent event) {
        switch (event) {
            case WorkerEvent.Listening(String address) -> {
                if (cold.contains(id) && !held.containsKey(id)) {
                    target(address)
                            .ifPresentOrElse(target -> begin(id, target), () -> cold.remove(id));
                }
                then(
                        id,
                        () -> {
                            serving.add(id);
                            listener.happened(id, event);
                        });
            }
            case WorkerEvent.Disconnected _ -> {
                then(id, () -> listener.happened(id, event));
                Optional.ofNullable(held.get(id)).ifPresent(Held::release);
                serving.remove(id);
            }
            case WorkerEvent.Exited _ -> {
                cold.remove(id);
                Optional.ofNullable(held.remove(id)).ifPresent(Held::drop);
                // What was told at last may have said that it serves.
                serving.remove(id);
                listener.happened(id, event);
            }
            default -> then(id, () -> listener.happened(id, event));
        }
    }

    private void then(int id, Runnable told) {
        Held its = held.get(id);
        if (its == null) {
            told.run();
        } else {
            its.then(told);
        }
    }

    private void begin(int id, InetSocketAddress target) {
        Held its = new Held();
        held.put(id, its);
        Thread.ofPlatform().name("prefork-warm-up").daemon().start(() -> warmUp(id, target, its));
    }

    private void warmUp(int id, InetSocketAddress target, Held its) {
        try {
            Optional<String> wrong = warmUp.run(target, id, cold, its::isOver);
            wrong.ifPresent(what -> say.accept(sentence(id, what)));
            cold.remove(id);
            its.release();
        } catch (Throwable untold) {
            listener.broken(untold);
        }
    }

    private String sentence(int id, String wrong) {
        return "worker %d is not warmed up by %s: %s".formatted(id, warmUp.path(), wrong);
    }

    /** Where we reach it; empty for all but TCP. */
    static Optional<InetSocketAddress> target(String address) {
        Matcher parts = ADDRESS.matcher(address);
        if (!parts.matches()) {
            return Optional.empty();
        }
        String literal = parts.group(2) == null ? parts.group(3) : parts.group(2);
        InetAddress host =
                literal == null ? InetAddress.getLoopbackAddress() : InetAddress.ofLiteral(literal);
        return Optional.of(
                new InetSocketAddress(
                        host.isAnyLocalAddress() ? InetAddress.getLoopbackAddress() : host,
                        Integer.parseInt(parts.group(4))));
    }

    @Override
    public void keepOnly(int generation) {
        workers.keepOnly(generation);
    }

    @Override
    public void leave(int id) {
        workers.leave(id);
    }

    @Override
    public void signal(int id, String name) {
        workers.signal(id, name);
    }

    @Override
    public void settle(int slot) {
        workers.settle(slot);
    }

    @Override
    public void takeNoMore() {
        workers.takeNoMore();
    }

    @Override
    public void close(int slot) {
        workers.close(slot);
    }
}
