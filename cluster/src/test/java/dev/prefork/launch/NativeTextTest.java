package dev.prefork.launch;

import static org.assertj.core.api.Assertions.assertThat;

import dev.prefork.posix.CString;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.Random;
import java.util.stream.Stream;

/** SPEC F1: arguments and variables are bytes. */
class NativeTextTest {
    private static final NativeText UTF_8 = new NativeText(StandardCharsets.UTF_8);
    private static final NativeText ASCII = new NativeText(StandardCharsets.US_ASCII);

    @ParameterizedTest
    @ValueSource(strings = {"", "abc", "Zürich", "zażółć", "a\u0000b", "\uD83D\uDE00", "\uFFFD"})
    void givenText_whenItIsDecoded_thenItIsThatText(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);

        assertThat(UTF_8.decode(bytes)).isEqualTo(text);
        assertThat(UTF_8.encode(text)).isEqualTo(bytes);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "636166e9", // café in ISO-8859-1
                "ff",
                "5ac3bc72c3", // cut in the middle of a character
                "f09f9880ff", // a pair of surrogates, then a byte
                "edb3a9", // what UTF-8 would have for the byte E9 as it is written here
                "c080", // a NUL that is not to be one
                "fffefdfcfbfaf9f8"
            })
    void givenBytesThatAreNoText_whenTheyAreDecodedAndEncoded_thenTheyAreTheSame(String hex) {
        byte[] bytes = HexFormat.of().parseHex(hex);

        assertThat(UTF_8.encode(UTF_8.decode(bytes))).isEqualTo(bytes);
        assertThat(ASCII.encode(ASCII.decode(bytes))).isEqualTo(bytes);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "UTF-8",
                "US-ASCII",
                "ISO-8859-1",
                "ISO-8859-2",
                "EUC-JP",
                "Shift_JIS",
                "GB18030",
                "Big5",
                "ISO-2022-JP"
            })
    void givenAnyBytesAtAll_whenTheyAreDecodedAndEncoded_thenTheyAreTheSame(String charset) {
        NativeText text = new NativeText(Charset.forName(charset));
        Random random = new Random(1);

        for (int i = 0; i < 5000; i++) {
            byte[] bytes = new byte[random.nextInt(12)];
            random.nextBytes(bytes);
            assertThat(text.encode(text.decode(bytes)))
                    .as("%s of %s", charset, HexFormat.of().formatHex(bytes))
                    .isEqualTo(bytes);
        }
    }

    @Test
    void givenALocaleOfAscii_whenUmlautsAreDecoded_thenEachByteIsKeptAsOneCharacter() {
        String text = ASCII.decode("Zürich".getBytes(StandardCharsets.UTF_8));

        assertThat(text).isEqualTo("Z\uDCC3\uDCBCrich");
    }

    @Test
    void givenDecodedTextWithTextBesideIt_whenItIsEncoded_thenBothAreThere() {
        String text = UTF_8.decode(HexFormat.of().parseHex("e9")) + "é";

        assertThat(UTF_8.encode("--name=" + text))
                .isEqualTo(HexFormat.of().parseHex("2d2d6e616d653de9c3a9"));
    }

    /** As ProcessBuilder: "?". */
    @Test
    void givenACharacterThatTheLocaleDoesNotHave_whenItIsEncoded_thenItIsAQuestionMark() {
        assertThat(ASCII.encode("aüb")).isEqualTo("a?b".getBytes(StandardCharsets.US_ASCII));
    }

    /** SPEC F1: such names come from listing a folder. */
    @Test
    void givenAFileNameThatIsNoText_whenItIsForASystemCall_thenItHasItsBytes(@TempDir Path folder)
            throws IOException {
        for (byte[] name : new byte[][] {{(byte) 0xE9}, {'%', '4', '1'}, {'a', ' ', '#'}}) {
            makeFolder(folder, name);
        }

        try (Stream<Path> listed = Files.list(folder)) {
            assertThat(listed.map(NativeText::toSystem).map(NativeTextTest::lastName))
                    .containsExactlyInAnyOrder("\u00e9", "%41", "a #");
        }
        assertThat(NativeText.toSystem(Path.of("x")))
                .isEqualTo(CString.of(Path.of("x").toAbsolutePath().toString()));
    }

    /** By a shell, which takes bytes: Java's own names are text. */
    private static void makeFolder(Path folder, byte[] name) throws IOException {
        Process shell = new ProcessBuilder("sh").directory(folder.toFile()).start();
        try (OutputStream script = shell.getOutputStream()) {
            script.write("mkdir '".getBytes(StandardCharsets.US_ASCII));
            script.write(name);
            script.write("'\n".getBytes(StandardCharsets.US_ASCII));
        }
        assertThat(shell.onExit().join().exitValue()).isZero();
    }

    private static String lastName(CString path) {
        String text = new String(path.bytes(), StandardCharsets.ISO_8859_1);
        String[] names = text.split("/", -1);
        return text.endsWith("/") ? names[names.length - 2] : names[names.length - 1];
    }
}
