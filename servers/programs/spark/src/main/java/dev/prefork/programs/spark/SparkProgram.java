package dev.prefork.programs.spark;

import static spark.Spark.get;
import static spark.Spark.port;

/** Spark: {@code java -jar spark.jar PORT}. */
final class SparkProgram {
    private SparkProgram() {}

    public static void main(String[] args) {
        port(Integer.parseInt(args[0]));
        get("/", (request, response) -> "hello from spark");
    }
}
