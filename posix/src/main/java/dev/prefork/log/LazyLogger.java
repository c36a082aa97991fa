package dev.prefork.log;

/**
 * A logger that is looked for when there is something to log. Looking for one reads every jar of
 * the class path and fixes the log manager of the JVM, which a program may want to choose in its
 * main: a worker that has nothing to say leaves both alone.
 */
public final class LazyLogger {
    private final Class<?> owner;

    public LazyLogger(Class<?> owner) {
        this.owner = owner;
    }

    public System.Logger get() {
        return System.getLogger(owner.getName());
    }
}
