package dev.prefork.launch;

import dev.prefork.posix.CString;
import dev.prefork.posix.Descriptors;
import dev.prefork.posix.Environment;
import dev.prefork.posix.Exec;
import dev.prefork.posix.Fd;
import dev.prefork.posix.PosixException;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The JVM of a primary that is nothing but a primary. Variables such as JAVA_TOOL_OPTIONS mean its
 * workers: a debugger, agents, ports that it would take from them (SPEC F3).
 */
public final class OwnJvm {
    /** What opens ports or runs somebody's code; a file of options may have such in it. */
    private static final Pattern NOT_OURS =
            Pattern.compile(
                    "-(?:agentlib|agentpath|javaagent):|-Xrun|-Dcom\\.sun\\.management\\."
                            + "|VMOptionsFile|(?:^|[\\s'\"])@");

    /** What a JVM opens: pipes and terminals are from whoever started it. */
    private static final Pattern OPENED_BY_A_JVM = Pattern.compile("socket:.*|anon_inode:.*|/.*");

    private static final int FIRST_AFTER_STDIO = 3;

    private OwnJvm() {}

    /**
     * Starts this process anew where such a variable has told its JVM to open what is its workers'.
     * They get the variables nevertheless. Does nothing where there is none.
     *
     * @throws IllegalStateException when that cannot be done
     */
    public static void leaveAgentsToWorkers() {
        Map<CString, CString> environment = new HashMap<>(Environment.ofThisProcess());
        List<String> guilty =
                KeptVariables.NAMES.stream().filter(name -> isNotOurs(environment, name)).toList();
        if (guilty.isEmpty()) {
            return;
        }
        KeptVariables.keep(environment);
        try {
            closeAtExec(given(environment));
            Exec.become(
                    NativeText.toSystem(Path.of("/proc/self/exe").toRealPath()),
                    JavaCommandLine.wordsOfThisProcess().stream()
                            .map(NativeText.OURS::toSystem)
                            .toList(),
                    environment);
        } catch (IOException e) {
            throw new IllegalStateException(
                    String.join(", ", guilty)
                            + " started an agent or a debugger in prefork's own JVM, which cannot"
                            + " be started without: "
                            + e.getMessage(),
                    e);
        }
    }

    private static boolean isNotOurs(Map<CString, CString> environment, String name) {
        return Stream.ofNullable(environment.get(CString.of(name)))
                .anyMatch(value -> NOT_OURS.matcher(value.toString()).find());
    }

    /** So many from 3 on systemd has opened for this process. */
    private static int given(Map<CString, CString> environment) {
        CString count = environment.get(CString.of("LISTEN_FDS"));
        return count != null && count.toString().matches("\\d{1,6}")
                ? Integer.parseInt(count.toString())
                : 0;
    }

    /** Else the debugger's port would stay open. */
    private static void closeAtExec(int given) throws IOException {
        try (DirectoryStream<Path> all = Files.newDirectoryStream(Path.of("/proc/self/fd"))) {
            for (Path entry : all) {
                int number = Integer.parseInt(entry.getFileName().toString());
                if (number >= FIRST_AFTER_STDIO + given && isOpenedByAJvm(entry)) {
                    mark(number);
                }
            }
        }
    }

    private static boolean isOpenedByAJvm(Path descriptor) {
        try {
            return OPENED_BY_A_JVM.matcher(Files.readSymbolicLink(descriptor).toString()).matches();
        } catch (IOException closedMeanwhile) {
            return false;
        }
    }

    @SuppressWarnings("resource") // whoever has it closes it, or the exec
    private static void mark(int descriptor) {
        try {
            Fd _ = Descriptors.adopt(descriptor);
        } catch (PosixException closedMeanwhile) {
            // As it should be.
        }
    }
}
