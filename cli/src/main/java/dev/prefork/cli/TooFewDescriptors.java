package dev.prefork.cli;

import dev.prefork.AcceptShortage;
import dev.prefork.posix.OpenFileLimit;

import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;

/** Says once that prefork, or a worker, may have too few descriptors, and how to have more. */
final class TooFewDescriptors {
    /** As the JDK says EMFILE. */
    private static final String OF_JAVA = "Too many open files";

    private final Consumer<String> say;
    private final AtomicBoolean said = new AtomicBoolean();

    /** Read when all is well: later it would take a descriptor. Workers inherit it. */
    private final int limit;

    TooFewDescriptors(Consumer<String> say) {
        this(say, OpenFileLimit.ofThisProcess());
    }

    TooFewDescriptors(Consumer<String> say, int limit) {
        this.say = say;
        this.limit = limit;
    }

    /** None is left here to listen at this address. */
    void toListen(String address) {
        say(
                "prefork has none left to listen on "
                        + address
                        + " (a port takes one, and up to 2 more for each worker)");
    }

    /** Connections wait for room. */
    void toAccept(AcceptShortage shortage) {
        if (!shortage.code().equals("EMFILE")) {
            say.accept("connections wait, as the system has no room for more: " + shortage.code());
            return;
        }
        switch (shortage.where()) {
            case PRIMARY ->
                    say(
                            "connections wait, as prefork has none left to accept them (each takes"
                                    + " one until a worker has it)");
            case WORKER ->
                    say("connections wait, as a worker has none left for them (each takes one)");
        }
    }

    /** A worker has ended, and these were its last lines. */
    void ended(List<String> lastLines) {
        if (lastLines.stream().anyMatch(line -> line.contains(OF_JAVA))) {
            say("a worker had none left (a port takes 4, a connection one)");
        }
    }

    private void say(String who) {
        if (said.compareAndSet(false, true)) {
            int more = 4 * limit;
            say.accept(
                    "too few descriptors, %d (ulimit -n): %s; raise the limit before the start, as by ulimit -n %d or LimitNOFILE=%d in a unit"
                            .formatted(limit, who, more, more));
        }
    }
}
