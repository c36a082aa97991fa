package dev.prefork.programs.micronaut;

import io.micronaut.runtime.Micronaut;

/** Micronaut: {@code java -Dmicronaut.server.port=PORT -jar micronaut.jar}. */
final class MicronautProgram {
    private MicronautProgram() {}

    public static void main(String[] args) {
        Micronaut.run(MicronautProgram.class, args);
    }
}
