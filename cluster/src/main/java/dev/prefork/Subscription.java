package dev.prefork;

/**
 * A listener that was registered; what every {@code on…} method returns. Closing it is Node's off.
 */
@FunctionalInterface
public interface Subscription extends AutoCloseable {
    /** Removes the listener. It is not called for events that happen afterwards. */
    @Override
    void close();
}
