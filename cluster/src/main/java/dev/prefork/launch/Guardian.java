package dev.prefork.launch;

import dev.prefork.log.LazyLogger;
import dev.prefork.posix.CString;
import dev.prefork.posix.Child;
import dev.prefork.posix.Descriptors;
import dev.prefork.posix.Environment;
import dev.prefork.posix.Fd;
import dev.prefork.posix.PatientWriter;
import dev.prefork.posix.PosixException;
import dev.prefork.posix.ProcessGroup;
import dev.prefork.posix.Spawn;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * A shell that waits for this process's end, whatever that is, and then ends the groups of its
 * workers (decision 0018): nobody else could, after a SIGKILL. Safe for any thread.
 */
public final class Guardian implements AutoCloseable {
    private static final LazyLogger LOG = new LazyLogger(Guardian.class);

    /**
     * Reads {@code + group} and {@code - group}, and {@code f folder} of {@link JoinFiles}. At the
     * end of its input it sends SIGTERM to those that are left, wakes the stopped ones for it, and
     * after $1 tenths of a second SIGKILL. {@code send} forgets the groups that are gone.
     */
    private static final String SCRIPT =
            """
            # ends the processes of prefork's workers when prefork is gone
            trap '' HUP INT QUIT TERM TSTP TTIN TTOU USR1 USR2
            groups=' '
            folder=
            while read -r act group; do
                case $act$groups in
                    -*" $group "*) groups="${groups%% "$group" *} ${groups#* "$group" }" ;;
                    +*) groups="$groups$group " ;;
                    f*) folder=$group ;;
                esac
            done
            send() {
                left=
                for group in $groups; do
                    kill "-$1" "-$group" 2>/dev/null && left="$left $group"
                done
                groups=$left
            }
            send TERM
            send CONT
            tenths=$1
            while [ -n "$groups" ] && [ "$tenths" -gt 0 ]; do
                sleep 0.1
                tenths=$((tenths - 1))
                send 0
            done
            send KILL
            if [ -d "$folder" ]; then
                rm -f "$folder/$2" "$folder/$3"
                rmdir "$folder"
            fi
            """;

    /** A group that does not outlive this process. */
    public record Group(ProcessGroup processes, Guardian guardian) {
        /** It has no members any more. */
        public void gone() {
            guardian.forget(processes.leader());
        }
    }

    private record Shell(Child process, Fd input, PatientWriter writer) {
        void discard() {
            input.close();
            process.discard();
        }

        /** It does its work, and ends. */
        void leave() {
            input.close();
            process.close();
        }
    }

    private final Duration patience;
    private final Set<Integer> groups = new LinkedHashSet<>(); // guarded by this
    private Optional<Shell> shell = Optional.empty(); // guarded by this
    private Optional<JoinFiles> files = Optional.empty(); // guarded by this
    private boolean warned; // guarded by this

    private Guardian(Duration patience) {
        this.patience = patience;
    }

    /**
     * Starts the shell. Without one it warns, and guards nothing.
     *
     * @param patience how long a group may take from SIGTERM to SIGKILL
     */
    static Guardian start(Duration patience) {
        Guardian guardian = new Guardian(patience);
        guardian.startShell();
        return guardian;
    }

    /** From now on the group that this child leads ends with this process. */
    synchronized Group guard(int leader) {
        groups.add(leader);
        tell("+ " + leader);
        return new Group(new ProcessGroup(leader), this);
    }

    /** Nobody needs them when the groups have ended. */
    synchronized void removesAtTheEnd(JoinFiles temporary) {
        files = Optional.of(temporary);
        tell(line(temporary));
    }

    private static String line(JoinFiles temporary) {
        return "f " + temporary.folder();
    }

    private synchronized void forget(int leader) {
        if (groups.remove(leader)) {
            tell("- " + leader);
        }
    }

    /** A shell that does not hear it is replaced by one that knows all groups. */
    private void tell(String line) {
        if (shell.filter(running -> write(running, line)).isEmpty()) {
            discardShell();
            startShell();
        }
    }

    private synchronized void startShell() {
        try {
            Shell started = start();
            shell = Optional.of(started);
            groups.forEach(group -> write(started, "+ " + group));
            files.ifPresent(temporary -> write(started, line(temporary)));
        } catch (PosixException e) {
            warn(e);
        }
    }

    private static boolean write(Shell to, String line) {
        byte[] bytes = (line + "\n").getBytes(StandardCharsets.US_ASCII);
        return to.writer.write(bytes, Duration.ZERO) == bytes.length;
    }

    private Shell start() throws PosixException {
        Fd[] pipe = Descriptors.pipe();
        try (Fd read = pipe[0];
                Fd nowhere = Descriptors.openNull()) {
            Spawn sh =
                    new Spawn(
                            CString.of("/bin/sh"),
                            List.of(
                                    CString.of("-c"),
                                    CString.of(SCRIPT),
                                    CString.of("prefork-guardian"),
                                    CString.of(String.valueOf(patience.toMillis() / 100)),
                                    CString.of(JoinFiles.AGENT),
                                    CString.of(JoinFiles.SCRIPT)),
                            Environment.ofThisProcess(),
                            Optional.of(CString.of("/")),
                            Map.of(0, read.number(), 1, nowhere.number(), 2, nowhere.number()),
                            // What is sent to our group is not for it.
                            true);
            return new Shell(sh.start(), pipe[1], new PatientWriter(pipe[1].number()));
        } catch (PosixException | RuntimeException | Error notStarted) {
            pipe[1].close();
            throw notStarted;
        }
    }

    private void warn(PosixException e) {
        if (!warned) {
            warned = true;
            LOG.get()
                    .log(
                            System.Logger.Level.WARNING,
                            "what workers start may outlive a SIGKILL of this process, as there is"
                                    + " no shell to end it: "
                                    + e.getMessage());
        }
    }

    private void discardShell() {
        shell.ifPresent(Shell::discard);
        shell = Optional.empty();
    }

    /** Nothing is guarded any more, unless a group is left: that ends now. */
    @Override
    public synchronized void close() {
        if (groups.isEmpty()) {
            discardShell();
        } else {
            shell.ifPresent(Shell::leave);
            shell = Optional.empty();
        }
    }
}
