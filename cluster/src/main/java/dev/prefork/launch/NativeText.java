package dev.prefork.launch;

import dev.prefork.posix.CString;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.Charset;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HexFormat;

/**
 * Words of the system, which are bytes, as Strings and back without a loss.
 *
 * <p>A byte that is no character is U+DC00 plus the byte, half of a pair, which no text contains:
 * so a list of Strings may hold some of them beside ordinary text, can be compared and changed, and
 * becomes the same bytes again. The idea is PEP 383's.
 *
 * @param charset of everything else; where a character cannot be encoded there is a question mark,
 *     as ProcessBuilder has it
 */
record NativeText(Charset charset) {
    /** As the JDK encodes what it hands to the system, ProcessBuilder and file names included. */
    static final NativeText OURS =
            new NativeText(
                    Charset.forName(
                            System.getProperty("sun.jnu.encoding", "UTF-8"),
                            StandardCharsets.UTF_8));

    private static final char ESCAPE = 0xDC00;

    /** The bytes as text. */
    String decode(byte[] bytes) {
        String text = decode(bytes, charset);
        // Some charsets of the East have two encodings of one character.
        return Arrays.equals(encode(text), bytes) ? text : decode(bytes, StandardCharsets.US_ASCII);
    }

    private static String decode(byte[] bytes, Charset charset) {
        CharsetDecoder decoder =
                charset.newDecoder()
                        .onMalformedInput(CodingErrorAction.REPORT)
                        .onUnmappableCharacter(CodingErrorAction.REPORT);
        ByteBuffer in = ByteBuffer.wrap(bytes);
        CharBuffer out =
                CharBuffer.allocate((int) (bytes.length * (decoder.maxCharsPerByte() + 1)) + 1);
        while (true) {
            CoderResult result = decoder.decode(in, out, true);
            if (!result.isError()) {
                decoder.flush(out);
                return out.flip().toString();
            }
            for (int i = 0; i < result.length(); i++) {
                out.put((char) (ESCAPE | (in.get() & 0xFF)));
            }
            decoder.reset();
        }
    }

    /** The text as bytes. */
    byte[] encode(String text) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(text.length());
        int done = 0;
        for (int i = 0; i < text.length(); i++) {
            if (isEscaped(text, i)) {
                bytes.writeBytes(text.substring(done, i).getBytes(charset));
                bytes.write(text.charAt(i));
                done = i + 1;
            }
        }
        bytes.writeBytes(text.substring(done).getBytes(charset));
        return bytes.toByteArray();
    }

    /** The text for a system call. */
    CString toSystem(String text) {
        return CString.of(encode(text));
    }

    /**
     * The name of a file for a system call: of one that was listed, it may be what no text is.
     *
     * @return an absolute path
     */
    static CString toSystem(Path path) {
        // The one way to the bytes of a name: a URI has those that are no ASCII in %XX.
        String escaped = path.toUri().getRawPath();
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(escaped.length());
        for (int i = 0; i < escaped.length(); i++) {
            if (escaped.charAt(i) == '%') {
                bytes.write(HexFormat.fromHexDigits(escaped, i + 1, i + 3));
                i += 2;
            } else {
                bytes.write(escaped.charAt(i));
            }
        }
        return CString.of(bytes.toByteArray());
    }

    private static boolean isEscaped(String text, int at) {
        char c = text.charAt(at);
        // Of a pair the second half is part of a character.
        return c >= ESCAPE
                && c <= ESCAPE + 0xFF
                && (at == 0 || !Character.isHighSurrogate(text.charAt(at - 1)));
    }
}
