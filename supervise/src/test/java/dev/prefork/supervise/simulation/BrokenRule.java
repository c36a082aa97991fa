package dev.prefork.supervise.simulation;

import java.util.function.Supplier;

/** What must be true is not. */
final class BrokenRule extends AssertionError {
    private static final long serialVersionUID = 1;

    private final transient Supplier<String> rule;

    private BrokenRule(Supplier<String> rule) {
        this.rule = rule;
    }

    static void must(boolean condition, Supplier<String> rule) {
        if (!condition) {
            throw new BrokenRule(rule);
        }
    }

    // Many are thrown, and few are looked at.

    @Override
    public String getMessage() {
        return rule.get();
    }

    @Override
    public synchronized Throwable fillInStackTrace() {
        return this;
    }
}
