package dev.prefork.launch;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The words of this process's command line that are no text, for a program that hands its arguments
 * on: its main method got them with a replacement character for each byte that is none, and a
 * worker is to get the bytes (SPEC F1).
 */
final class OwnWords {
    private final Map<String, List<String>> asMainHasThem = new HashMap<>();

    /**
     * Takes the words of the command line.
     *
     * @param words as {@link NativeText} has them
     */
    OwnWords(List<String> words, NativeText text) {
        for (String word : words) {
            String lossy = new String(text.encode(word), text.charset());
            if (!lossy.equals(word)) {
                asMainHasThem.computeIfAbsent(lossy, key -> new ArrayList<>()).add(word);
            }
        }
    }

    /** These words, each that main has without its bytes as it was; of several alike, in order. */
    List<String> restore(List<String> words) {
        if (asMainHasThem.isEmpty()) {
            return words;
        }
        Map<String, Deque<String>> left = new HashMap<>();
        asMainHasThem.forEach((lossy, all) -> left.put(lossy, new ArrayDeque<>(all)));
        return words.stream().map(word -> restore(word, left.get(word))).toList();
    }

    private static String restore(String word, Deque<String> originals) {
        if (originals == null) {
            return word;
        }
        return originals.size() > 1 ? originals.removeFirst() : originals.getFirst();
    }
}
