package dev.prefork.cli;

import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * The words of a file that java's command line names by {@code @file}: separated by white space; a
 * {@code #} begins a comment; in quotes of either kind a backslash makes the next character part of
 * the word, or goes on in the next line. Source: java(1), "java Command-Line Argument Files".
 */
final class ArgumentFile {
    private final String text;
    private final List<String> words = new ArrayList<>();
    private int at;

    private ArgumentFile(String text) {
        this.text = text;
    }

    /**
     * Reads it.
     *
     * @throws UsageException when it cannot be read
     */
    static List<String> read(String name) {
        try {
            return words(Files.readString(Path.of(name), Charset.defaultCharset()));
        } catch (IOException e) {
            throw new UsageException(
                    "@" + name + ": the file of options cannot be read; check its path");
        }
    }

    static List<String> words(String text) {
        ArgumentFile file = new ArgumentFile(text);
        while (file.skipToWord()) {
            file.words.add(file.word());
        }
        return file.words;
    }

    /** False when there is none. */
    private boolean skipToWord() {
        while (at < text.length()) {
            char here = text.charAt(at);
            if (here == '#') {
                skipLine();
            } else if (isSpace(here)) {
                at++;
            } else {
                return true;
            }
        }
        return false;
    }

    private void skipLine() {
        while (at < text.length() && !isLineEnd(text.charAt(at))) {
            at++;
        }
    }

    private String word() {
        StringBuilder word = new StringBuilder();
        char quote = 0;
        while (at < text.length()) {
            char here = text.charAt(at);
            if (isLineEnd(here) || (quote == 0 && (isSpace(here) || here == '#'))) {
                break;
            }
            at++;
            if (here == '\\' && quote != 0) {
                escaped(word);
            } else if (here == quote) {
                quote = 0;
            } else if (quote == 0 && (here == '"' || here == '\'')) {
                quote = here;
            } else {
                word.append(here);
            }
        }
        return word.toString();
    }

    private void escaped(StringBuilder word) {
        if (at == text.length()) {
            return;
        }
        char next = text.charAt(at++);
        if (isLineEnd(next)) {
            while (at < text.length() && isSpace(text.charAt(at))) {
                at++;
            }
            return;
        }
        word.append(
                switch (next) {
                    case 'n' -> '\n';
                    case 'r' -> '\r';
                    case 't' -> '\t';
                    case 'f' -> '\f';
                    default -> next;
                });
    }

    private static boolean isLineEnd(char character) {
        return character == '\n' || character == '\r';
    }

    private static boolean isSpace(char character) {
        return isLineEnd(character) || character == ' ' || character == '\t' || character == '\f';
    }
}
