package dev.prefork.programs.javalin;

import io.javalin.Javalin;

/** Javalin: {@code java -jar javalin.jar PORT}. */
final class JavalinProgram {
    private JavalinProgram() {}

    public static void main(String[] args) {
        Javalin.create()
                .get("/", context -> context.result("hello from javalin"))
                .start(Integer.parseInt(args[0]));
    }
}
