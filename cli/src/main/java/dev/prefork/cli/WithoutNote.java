package dev.prefork.cli;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import dev.prefork.launch.JoinVariables;

import java.io.ByteArrayOutputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;

/**
 * The stderr of a wrapper, without what each JVM below it says of prefork: {@code NOTE: Picked up
 * JDK_JAVA_OPTIONS: …}. What the user has in that variable is told as ever.
 *
 * <p>The launcher writes the text in one piece and the end of the line in another. A text that
 * arrives torn is passed on.
 */
final class WithoutNote extends FilterInputStream {
    /** As java.base's launcher says it, in every locale. */
    private static final String NOTE = "NOTE: Picked up JDK_JAVA_OPTIONS: ";

    private static final byte[] BEGIN = NOTE.getBytes(ISO_8859_1);

    /** No variable of a user is longer; what is, is not held back for its end. */
    private static final int MOST_HELD = 128 << 10;

    private final ByteArrayOutputStream held = new ByteArrayOutputStream();
    private byte[] ready = {};
    private int taken;
    private boolean isLineStart = true;

    WithoutNote(InputStream from) {
        super(from);
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : Byte.toUnsignedInt(one[0]);
    }

    @Override
    public int read(byte[] to, int offset, int length) throws IOException {
        while (taken == ready.length && length > 0) {
            int count = in.read(to, offset, length);
            taken = 0;
            if (count < 0) {
                ready = release();
                if (ready.length == 0) {
                    return -1;
                }
            } else {
                ready = filtered(to, offset, count);
            }
        }
        int count = Math.min(length, ready.length - taken);
        System.arraycopy(ready, taken, to, offset, count);
        taken += count;
        return count;
    }

    @Override
    public int available() throws IOException {
        return ready.length - taken + in.available();
    }

    private byte[] filtered(byte[] bytes, int offset, int count) {
        ByteArrayOutputStream kept = new ByteArrayOutputStream(count);
        int end = offset + count;
        for (int line = offset; line < end; ) {
            int next = afterLine(bytes, line, end);
            boolean isNote = held.size() > 0 || (isLineStart && begins(bytes, line, next));
            isLineStart = bytes[next - 1] == '\n';
            if (isNote) {
                held.write(bytes, line, next - line);
                if (isLineStart || held.size() > MOST_HELD) {
                    kept.writeBytes(release());
                }
            } else {
                kept.write(bytes, line, next - line);
            }
            line = next;
        }
        return kept.toByteArray();
    }

    private static int afterLine(byte[] bytes, int from, int end) {
        for (int i = from; i < end; i++) {
            if (bytes[i] == '\n') {
                return i + 1;
            }
        }
        return end;
    }

    private static boolean begins(byte[] bytes, int from, int end) {
        for (int i = 0; i < BEGIN.length; i++) {
            if (from + i == end || bytes[from + i] != BEGIN[i]) {
                return false;
            }
        }
        return true;
    }

    /** What is left of what was held. */
    private byte[] release() {
        String text = held.toString(ISO_8859_1);
        held.reset();
        boolean isNote = text.startsWith(NOTE);
        String users = isNote ? JoinVariables.withoutAgent(text.substring(NOTE.length())) : "";
        boolean isOurs = isNote && users.isBlank();
        return (isOurs ? "" : isNote ? NOTE + users : text).getBytes(ISO_8859_1);
    }
}
