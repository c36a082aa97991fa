package dev.prefork.cli;

/** Where characters end in UTF-8. */
final class Utf8 {
    private static final int LONGEST = 4;

    private Utf8() {}

    /** How many bytes at the end are the beginning of a character whose rest is not there. */
    static int unfinished(byte[] text) {
        for (int back = 1; back < LONGEST && back <= text.length; back++) {
            int value = text[text.length - back] & 0xff;
            if ((value & 0xc0) != 0x80) {
                return back < length(value) ? back : 0;
            }
        }
        return 0;
    }

    /** Of a character with this first byte. */
    private static int length(int first) {
        if (first < 0xc0) {
            return 1;
        }
        if (first < 0xe0) {
            return 2;
        }
        return first < 0xf0 ? 3 : LONGEST;
    }
}
