package dev.prefork.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.google.gson.stream.JsonWriter;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.time.Instant;
import java.util.Arrays;
import java.util.Base64;
import java.util.Optional;

/**
 * Each line as one JSON object with its text; what is no UTF-8 has its bytes beside it. A line that
 * is long comes in parts; one whose end does not follow is marked as partial.
 */
final class JsonLines implements OutputForm {
    /** A line this long comes in parts. */
    static final int LONGEST = 64 * 1024;

    private static final int SURELY_ENOUGH_FOR_THE_REST = 200;
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
        StringWriter line = new StringWriter(text.length + SURELY_ENOUGH_FOR_THE_REST);
        try {
            write(text, partial, new JsonWriter(line));
        } catch (IOException e) {
            throw new UncheckedIOException(e); // Memory has none.
        }
        line.write('\n');
        return line.toString().getBytes(UTF_8);
    }

    private void write(byte[] text, boolean partial, JsonWriter json) throws IOException {
        var _ = json.beginObject().name("time").value(Instant.now().toString());
        if (printer.isPresent()) {
            var _ = json.name("slot").value(printer.get().slot());
            var _ = json.name("worker").value(printer.get().worker());
        }
        long pid = printer.map(Printer::pid).orElseGet(ProcessHandle.current()::pid);
        var _ = json.name("pid").value(pid).name("stream").value(stream);
        var _ = json.name("text").value(new String(text, UTF_8));
        if (!isUtf8(text)) {
            var _ = json.name("base64").value(Base64.getEncoder().encodeToString(text));
        }
        if (partial) {
            var _ = json.name("partial").value(true);
        }
        var _ = json.endObject();
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
