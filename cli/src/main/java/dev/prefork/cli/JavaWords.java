package dev.prefork.cli;

import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/**
 * The words of {@code prefork run} with java's own options among them, as they would stand after
 * {@code java}: each becomes a {@code -J}. An {@code @file} of options is read here, as the file
 * may name the program.
 */
final class JavaWords {
    private static final String FOR_THE_JVM = "-J";

    private final CommandSpec run;
    private final Deque<String> left;
    private final List<String> words = new ArrayList<>();

    /** So many words are of a file, in which an {@code @file} is a word as any other. */
    private int ofAFile;

    private boolean readsFiles = true;

    private JavaWords(CommandSpec run, List<String> words) {
        this.run = run;
        this.left = new ArrayDeque<>(words);
    }

    /**
     * What picocli understands.
     *
     * @param run the options that are prefork's
     */
    static List<String> rewrite(CommandSpec run, List<String> words) {
        JavaWords all = new JavaWords(run, words);
        all.rewriteOptions();
        all.words.addAll(all.left);
        return all.words;
    }

    /** Up to the program. */
    private void rewriteOptions() {
        while (!left.isEmpty() && isBeforeTheProgram(left.getFirst())) {
            String word = next();
            if (word.startsWith("@")) {
                include(word.substring(1));
            } else if (word.startsWith(FOR_THE_JVM + "@")) {
                include(word.substring(FOR_THE_JVM.length() + 1));
            } else if (word.startsWith("--module=")) {
                words.add("-m");
                left.addFirst(word.substring(word.indexOf('=') + 1));
                return;
            } else if (takesTheNext(run.findOption(word))) {
                words.add(word);
                keepNext("");
            } else if (run.findOption(word) == null && JavaOptions.isOne(word)) {
                readsFiles &= !word.equals("--disable-@files");
                words.add(FOR_THE_JVM + word);
                if (JavaOptions.takesTheNext(word)) {
                    keepNext(FOR_THE_JVM);
                }
            } else {
                words.add(word);
            }
        }
    }

    private boolean isBeforeTheProgram(String word) {
        boolean file = word.startsWith("@") && !word.startsWith("@@") && ofAFile == 0 && readsFiles;
        return file || word.startsWith("-");
    }

    private static boolean takesTheNext(OptionSpec option) {
        return option != null && option.arity().max() > 0;
    }

    private void keepNext(String prefix) {
        if (!left.isEmpty()) {
            words.add(prefix + next());
        }
    }

    private String next() {
        ofAFile = Math.max(0, ofAFile - 1);
        return left.removeFirst();
    }

    private void include(String file) {
        List<String> read = ArgumentFile.read(file);
        read.reversed().forEach(left::addFirst);
        ofAFile += read.size();
    }
}
