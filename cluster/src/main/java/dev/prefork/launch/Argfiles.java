package dev.prefork.launch;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/**
 * The files of words in a command line of {@code java}, {@code @file}: their words stand in their
 * place. Read in time, as a worker cannot count on them: IDEs and build tools remove theirs, and a
 * relative name means the directory of this process.
 */
final class Argfiles {
    private Argfiles() {}

    /** The words of such a line; empty when a file cannot be read any more. */
    static Optional<List<String>> expand(List<String> words) {
        return expand(words, Argfiles::read);
    }

    /**
     * As the java launcher does: up to the program, whose arguments are its own, and not in what
     * came out of a file.
     */
    static Optional<List<String>> expand(
            List<String> words, Function<String, Optional<List<String>>> files) {
        List<String> expanded = new ArrayList<>();
        for (int i = 0; i < words.size(); i++) {
            String word = words.get(i);
            if (!isArgfile(word)) {
                expanded.add(word);
            } else if (JavaCommandLine.parse(expanded).isPresent()) {
                expanded.addAll(words.subList(i, words.size()));
                break;
            } else {
                Optional<List<String>> more = files.apply(word.substring(1));
                if (more.isEmpty()) {
                    return Optional.empty();
                }
                expanded.addAll(more.get());
            }
        }
        return Optional.of(expanded);
    }

    private static boolean isArgfile(String word) {
        return word.length() > 1 && word.charAt(0) == '@' && word.charAt(1) != '@';
    }

    private static Optional<List<String>> read(String file) {
        try {
            byte[] bytes = Files.readAllBytes(Path.of(file));
            return Optional.of(OptionWords.of(NativeText.OURS.decode(bytes)));
        } catch (IOException | InvalidPathException gone) {
            return Optional.empty();
        }
    }
}
