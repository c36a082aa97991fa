package dev.prefork.bench.micro;

import dev.prefork.json.Json;
import dev.prefork.json.JsonText;
import dev.prefork.json.NotJsonException;

import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;

/** A small message to its line, and back. */
@State(Scope.Thread)
public class CodecBenchmark {
    private final Map<String, Object> message =
            Map.of("n", 12_345, "text", "thirty-two characters of a text.");
    private final byte[] line = Json.writeLine(message);

    @Benchmark
    public byte[] encode() {
        return Json.writeLine(message);
    }

    @Benchmark
    public Object decode() throws NotJsonException {
        return Json.read(line, 0, line.length);
    }

    /** One item of an order. */
    public record Item(String name, BigDecimal price, int count) {}

    /** As an application's messages are. */
    public record Order(long id, String customer, List<Item> items, Map<String, String> tags) {}

    private final Order order =
            new Order(
                    123_456_789_012L,
                    "somebody@example.org",
                    List.of(
                            new Item("first", new BigDecimal("0.10"), 1),
                            new Item("second", new BigDecimal("19.99"), 2)),
                    Map.of("colour", "red", "size", "large"));
    private final String orderLine = new String(Json.writeLine(order), StandardCharsets.UTF_8);

    @Benchmark
    public byte[] encodeRecord() {
        return Json.writeLine(order);
    }

    /** What a listener pays that asks for a record. */
    @Benchmark
    public Object asRecord() {
        return JsonText.read(Map.of(), orderLine).as(Order.class);
    }
}
