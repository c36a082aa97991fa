package dev.prefork.bench.micro;

import dev.prefork.ipc.ProtocolException;
import dev.prefork.json.Json;

import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

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
    public Object decode() throws ProtocolException {
        return Json.read(line, 0, line.length);
    }
}
