package dev.prefork.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.Help.Ansi.Style;

import java.util.List;

/** How all that is printed looks. */
enum OutputFormat {
    /** The workers' lines with their numbers in front. */
    TEXT {
        @Override
        Forms of(JsonLines.Printer printer) {
            return stream -> new OutputPrefix(prefix(printer.worker(), stream));
        }
    },

    /** The workers print by themselves: what they have for streams is this process's own. */
    PLAIN {
        @Override
        Forms of(JsonLines.Printer printer) {
            return stream -> new OutputPrefix(new byte[0]);
        }
    },

    /** Objects of JSON, one in a line. */
    JSON {
        @Override
        Forms of(JsonLines.Printer printer) {
            return stream -> JsonLines.of(printer, stream.toString());
        }

        @Override
        String own(String text) {
            return JsonLines.own(text);
        }
    };

    /** The form of each stream of a worker. */
    interface Forms {
        OutputForm of(Screen.Stream stream);
    }

    private static final String PREFIX = "prefork: ";

    private static final List<Style> COLOURS =
            List.of(
                    Style.fg_cyan,
                    Style.fg_yellow,
                    Style.fg_green,
                    Style.fg_magenta,
                    Style.fg_blue,
                    Style.fg_red);

    abstract Forms of(JsonLines.Printer printer);

    /** A line of this process itself. */
    String own(String text) {
        return PREFIX + text;
    }

    /** Whether there is a status line, below lines that this process prints all. */
    boolean hasStatus() {
        return this == TEXT;
    }

    private static byte[] prefix(int worker, Screen.Stream to) {
        Style colour = COLOURS.get((worker - 1) % COLOURS.size());
        String text = worker + " | ";
        return (Screen.hasColours(to) ? colour.on() + text + Ansi.Style.reset.on() : text)
                .getBytes(UTF_8);
    }
}
