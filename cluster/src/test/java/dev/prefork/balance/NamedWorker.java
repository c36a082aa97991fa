package dev.prefork.balance;

import dev.prefork.Worker;

import java.lang.reflect.Proxy;

/** A worker of which there is nothing but the id. */
public final class NamedWorker {
    private NamedWorker() {}

    /** Equal to another of the same id. */
    public static Worker of(int id) {
        return (Worker)
                Proxy.newProxyInstance(
                        Worker.class.getClassLoader(),
                        new Class<?>[] {Worker.class},
                        (self, method, arguments) ->
                                switch (method.getName()) {
                                    case "id", "hashCode" -> id;
                                    case "equals" ->
                                            arguments[0] instanceof Worker other
                                                    && other.id() == id;
                                    case "toString" -> "worker " + id;
                                    default ->
                                            throw new UnsupportedOperationException(
                                                    method.getName());
                                });
    }
}
