package dev.prefork.it.node;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.prefork.json.Json;
import dev.prefork.json.NotJsonException;

import java.util.Optional;

/** What a program of these tests prints. */
final class Lines {
    private Lines() {}

    /** One line of output; an Optional is what it holds, or null. */
    static void say(Object... words) {
        StringBuilder line = new StringBuilder();
        for (Object word : words) {
            Object shown = word instanceof Optional<?> it ? it.orElse(null) : word;
            line.append(line.isEmpty() ? "" : " ").append(shown);
        }
        System.out.println(line);
    }

    static String json(Object value) {
        return new String(Json.writeLine(value), UTF_8).strip();
    }

    static Object parse(String json) {
        byte[] bytes = json.getBytes(UTF_8);
        try {
            return Json.read(bytes, 0, bytes.length);
        } catch (NotJsonException e) {
            throw new IllegalArgumentException(json, e);
        }
    }
}
