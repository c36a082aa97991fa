package dev.prefork.net;

import java.util.List;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;

/** What a class logs, kept for the test instead of shown. */
final class Logged extends Handler implements AutoCloseable {
    private final Logger logger;
    private final List<LogRecord> records = new CopyOnWriteArrayList<>();

    private Logged(Logger logger) {
        this.logger = logger;
    }

    static Logged by(Class<?> type) {
        Logged logged = new Logged(Logger.getLogger(type.getName()));
        logged.logger.addHandler(logged);
        logged.logger.setUseParentHandlers(false);
        return logged;
    }

    List<Throwable> faults() {
        return records.stream().map(LogRecord::getThrown).filter(Objects::nonNull).toList();
    }

    @Override
    public void publish(LogRecord entry) {
        records.add(entry);
    }

    @Override
    public void flush() {}

    @Override
    public void close() {
        logger.setUseParentHandlers(true);
        logger.removeHandler(this);
    }
}
