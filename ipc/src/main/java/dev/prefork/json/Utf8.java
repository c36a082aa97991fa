package dev.prefork.json;

import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.function.Supplier;

/**
 * Bytes of UTF-8, growing; for one thread. Half a character, which has none, is written as an
 * escape of JSON, as JSON.stringify does.
 */
final class Utf8 extends Writer {
    private static final int INITIAL_BYTES = 128;

    /** Of one char that is half of no character: {@code \ud800}. */
    private static final int MOST_BYTES_OF_A_CHAR = 6;

    private static final int ONE_BYTE = 0x80;
    private static final int TWO_BYTES = 0x800;

    private final int most;
    private final Supplier<RuntimeException> tooLong;
    private byte[] bytes = new byte[INITIAL_BYTES];
    private int size;

    /**
     * None yet.
     *
     * @param most so many may become of them
     * @param tooLong thrown otherwise
     */
    Utf8(int most, Supplier<RuntimeException> tooLong) {
        this.most = most;
        this.tooLong = tooLong;
    }

    int size() {
        return size;
    }

    boolean endsWith(char c) {
        return size > 0 && bytes[size - 1] == c;
    }

    /** The bytes and a line break. */
    byte[] line() {
        byte[] line = Arrays.copyOf(bytes, size + 1);
        line[size] = '\n';
        return line;
    }

    /** The bytes as a text. */
    @Override
    public String toString() {
        return new String(bytes, 0, size, StandardCharsets.UTF_8);
    }

    private void reserve(int count) {
        if (count > most - size) {
            throw tooLong.get();
        }
        if (count > bytes.length - size) {
            bytes = Arrays.copyOf(bytes, Math.max(2 * bytes.length, size + count));
        }
    }

    @Override
    public void write(int c) {
        write(String.valueOf((char) c));
    }

    @Override
    public void write(char[] text, int offset, int length) {
        write(String.valueOf(text, offset, length));
    }

    @Override
    public void write(String text) {
        write(text, 0, text.length());
    }

    @Override
    public Writer append(CharSequence text) {
        write(text.toString());
        return this;
    }

    @Override
    public void write(String text, int offset, int length) {
        reserve(length);
        byte[] into = bytes;
        int at = size;
        int end = offset + length;
        int i = offset;
        for (; i < end; i++) {
            char c = text.charAt(i);
            if (c >= ONE_BYTE) {
                break;
            }
            into[at++] = (byte) c;
        }
        size = at;
        if (i < end) {
            writeOthers(text, i, end);
        }
    }

    private void writeOthers(String text, int begin, int end) {
        for (int i = begin; i < end; i++) {
            reserve(MOST_BYTES_OF_A_CHAR);
            char c = text.charAt(i);
            if (!Character.isSurrogate(c)) {
                add(c);
            } else if (i + 1 < end && Character.isSurrogatePair(c, text.charAt(i + 1))) {
                i++;
                addPair(Character.toCodePoint(c, text.charAt(i)));
            } else {
                addHalf(c);
            }
        }
    }

    private void add(char c) {
        if (c < ONE_BYTE) {
            bytes[size++] = (byte) c;
        } else if (c < TWO_BYTES) {
            bytes[size++] = (byte) (0xc0 | (c >> 6));
            addTail(c);
        } else {
            bytes[size++] = (byte) (0xe0 | (c >> 12));
            addTail(c >> 6);
            addTail(c);
        }
    }

    private void addPair(int character) {
        bytes[size++] = (byte) (0xf0 | (character >> 18));
        addTail(character >> 12);
        addTail(character >> 6);
        addTail(character);
    }

    /** The lowest six bits. */
    private void addTail(int bits) {
        bytes[size++] = (byte) (0x80 | (bits & 0x3f));
    }

    private void addHalf(char half) {
        for (char c : "\\u%04x".formatted((int) half).toCharArray()) {
            add(c);
        }
    }

    @Override
    public void flush() {
        // It is all here.
    }

    @Override
    public void close() {
        // It is all here.
    }
}
