package dev.prefork.json;

import java.util.regex.Pattern;

/** Numbers that are longer than the library takes. */
final class LongNumbers {
    /** The library takes 1,024. What is longer is a double at the most, as JSON.parse has it. */
    static final int MOST_CHARACTERS = 1000;

    private static final Pattern NUMBER =
            Pattern.compile("-?(0|[1-9][0-9]*+)([.][0-9]++)?+([eE][+-]?[0-9]++)?+");
    private static final String CHARACTERS = "+-.eE";

    private final String json;
    private final StringBuilder shorter = new StringBuilder();
    private int at;

    private LongNumbers(String json) {
        this.json = json;
    }

    /** The same JSON, with the double in the place of each such number. */
    static String shorten(String json) {
        return json.length() > MOST_CHARACTERS ? new LongNumbers(json).shorten() : json;
    }

    private String shorten() {
        while (at < json.length()) {
            char c = json.charAt(at);
            int begin = at;
            if (c == '"') {
                skipText();
            } else if (c == '-' || isDigit(c)) {
                skipNumber();
            } else {
                at++;
            }
            String part = json.substring(begin, at);
            boolean isLong = part.length() > MOST_CHARACTERS && NUMBER.matcher(part).matches();
            shorter.append(isLong ? asDouble(part) : part);
        }
        return shorter.toString();
    }

    private static boolean isDigit(char c) {
        return c >= '0' && c <= '9';
    }

    private void skipText() {
        do {
            at += json.charAt(at) == '\\' ? 2 : 1;
        } while (at < json.length() && json.charAt(at) != '"');
        at = Math.min(at + 1, json.length());
    }

    private void skipNumber() {
        do {
            at++;
        } while (at < json.length()
                && (isDigit(json.charAt(at)) || CHARACTERS.indexOf(json.charAt(at)) >= 0));
    }

    /** What is none any more is one that no double can hold either. */
    private static String asDouble(String number) {
        double value = Double.parseDouble(number);
        return Double.isFinite(value) ? Double.toString(value) : value > 0 ? "1e999" : "-1e999";
    }
}
