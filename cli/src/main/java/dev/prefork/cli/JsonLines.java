package dev.prefork.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import tools.jackson.core.JsonGenerator;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.json.JsonFactory;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.time.Instant;
import java.util.Arrays;
import java.util.Optional;

/**
 * Each line as one JSON object with its text; what is no UTF-8 has its bytes beside it. A line that
 * is long comes in parts; one whose end does not follow is marked as partial.
 */
final class JsonLines implements OutputForm {
    /** A line this long comes in parts. */
    static final int LONGEST = 64 * 1024;

    private static final JsonFactory JSON = new JsonFactory();
    private static final byte[] NOTHING = {};

    /** A worker that prints. */
    record Printer(int slot, int worker, long pid) {}

    private final Optional<Printer> printer;
    private final String stream;
    private final ByteArrayOutputStream unfinished = new ByteArrayOutputStream();

    private JsonLines(Optional<Printer> printer, String stream) {
        this.printer = printer;
        this.stream = stream;
    }

    static JsonLines of(Printer printer, String stream) {
        return new JsonLines(Optional.of(printer), stream);
    }

    /** What this process says itself, without the end of the line. */
    static String own(String text) {
        byte[] line = new JsonLines(Optional.empty(), "stderr").object(text.getBytes(UTF_8), false);
        return new String(line, UTF_8).stripTrailing();
    }

    @Override
    public byte[] lead() {
        return NOTHING;
    }

    @Override
    public byte[] add(byte[] bytes, int length) {
        ByteArrayOutputStream printed = new ByteArrayOutputStream(length * 2);
        int start = 0;
        for (int i = 0; i < length; i++) {
            if (bytes[i] == '\n') {
                unfinished.write(bytes, start, i - start);
                printed.writeBytes(object(unfinished.toByteArray(), false));
                unfinished.reset();
                start = i + 1;
            }
        }
        unfinished.write(bytes, start, length - start);
        if (unfinished.size() >= LONGEST) {
            printed.writeBytes(part());
        }
        return printed.toByteArray();
    }

    /** As much of a line as is whole characters. */
    private byte[] part() {
        byte[] all = unfinished.toByteArray();
        int end = all.length - Utf8.unfinished(all);
        unfinished.reset();
        unfinished.write(all, end, all.length - end);
        return object(Arrays.copyOf(all, end), true);
    }

    /** An object is whole or not there. */
    @Override
    public boolean isUnfinished() {
        return false;
    }

    @Override
    public byte[] pause() {
        return NOTHING;
    }

    @Override
    public byte[] end() {
        if (unfinished.size() == 0) {
            return NOTHING;
        }
        byte[] rest = unfinished.toByteArray();
        unfinished.reset();
        return object(rest, true);
    }

    @Override
    public Line line() {
        return Line.ENDED;
    }

    private byte[] object(byte[] text, boolean partial) {
        ByteArrayOutputStream line = new ByteArrayOutputStream(text.length + 200);
        try (JsonGenerator json = JSON.createGenerator(ObjectWriteContext.empty(), line)) {
            json.writeStartObject();
            json.writeStringProperty("time", Instant.now().toString());
            if (printer.isPresent()) {
                json.writeNumberProperty("slot", printer.get().slot());
                json.writeNumberProperty("worker", printer.get().worker());
            }
            json.writeNumberProperty(
                    "pid", printer.map(Printer::pid).orElseGet(ProcessHandle.current()::pid));
            json.writeStringProperty("stream", stream);
            json.writeStringProperty("text", new String(text, UTF_8));
            if (!isUtf8(text)) {
                json.writeBinaryProperty("base64", text);
            }
            if (partial) {
                json.writeBooleanProperty("partial", true);
            }
            json.writeEndObject();
        }
        line.write('\n');
        return line.toByteArray();
    }

    private static boolean isUtf8(byte[] text) {
        try {
            var _ = UTF_8.newDecoder().decode(ByteBuffer.wrap(text));
            return true;
        } catch (CharacterCodingException other) {
            return false;
        }
    }
}
