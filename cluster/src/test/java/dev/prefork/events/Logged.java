package dev.prefork.events;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;

/** What a class logs, kept for the test instead of shown. */
final class Logged extends Handler implements AutoCloseable {
    private final Logger logger;
    private final Consumer<LogRecord> also;
    private final List<LogRecord> records = new CopyOnWriteArrayList<>();

    private Logged(Logger logger, Consumer<LogRecord> also) {
        this.logger = logger;
        this.also = also;
    }

    static Logged by(Class<?> type) {
        return by(type, entry -> {});
    }

    /**
     * @param also what the handler does as well: it may throw
     */
    static Logged by(Class<?> type, Consumer<LogRecord> also) {
        Logged logged = new Logged(Logger.getLogger(type.getName()), also);
        logged.logger.addHandler(logged);
        logged.logger.setUseParentHandlers(false);
        return logged;
    }

    List<LogRecord> records() {
        return records;
    }

    @Override
    public void publish(LogRecord entry) {
        records.add(entry);
        also.accept(entry);
    }

    @Override
    public void flush() {}

    @Override
    public void close() {
        logger.setUseParentHandlers(true);
        logger.removeHandler(this);
    }
}
