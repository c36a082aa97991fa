package dev.prefork.listen;

import dev.prefork.posix.UnixName;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** The name of a Unix socket as workers say it, and as we can bind it. */
final class SaidPath {
    private static final String OUR_DIRECTORY = System.getProperty("user.dir");

    private SaidPath() {}

    /**
     * As libuv takes a name: up to a NUL, as C does. But a name that begins with one is abstract,
     * and so is one that does in our directory: a Node worker puts its own in front, and Node's
     * primary takes that off (measured, v12.10 and v20).
     */
    static String untilNul(String name) {
        int nul = name.indexOf('\0');
        if (nul < 0) {
            return name;
        }
        String before = name.substring(0, nul);
        boolean isAbstract = before.isEmpty() || before.equals(withSlash(OUR_DIRECTORY));
        return isAbstract ? '\0' + upToNul(name.substring(nul + 1)) : before;
    }

    static String upToNul(String text) {
        int nul = text.indexOf('\0');
        return nul < 0 ? text : text.substring(0, nul);
    }

    private static String withSlash(String folder) {
        return folder.endsWith("/") ? folder : folder + "/";
    }

    /**
     * A path has at most 107 bytes: one that is longer may be shorter on the way from our
     * directory. Texts, not paths of the JDK, which cannot name every file in every locale.
     */
    static String shortest(String name) {
        if (name.getBytes(StandardCharsets.UTF_8).length <= UnixName.MAX_BYTES
                || !name.startsWith("/")) {
            return name;
        }
        String[] ours = OUR_DIRECTORY.substring(1).split("/", -1);
        String[] theirs = name.substring(1).split("/", -1);
        int common = 0;
        while (common < Math.min(ours.length, theirs.length - 1)
                && ours[common].equals(theirs[common])) {
            common++;
        }
        return "../".repeat(ours.length - common)
                + String.join("/", Arrays.copyOfRange(theirs, common, theirs.length));
    }
}
