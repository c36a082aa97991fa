package dev.prefork.net;

import dev.prefork.posix.Descriptors;
import dev.prefork.posix.Errno;
import dev.prefork.posix.Fd;
import dev.prefork.posix.PosixException;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.Writer;
import java.util.ArrayList;
import java.util.List;

/**
 * Takes this process's right to open descriptors away, and gives it back: prlimit(1) in a shell
 * that was started before.
 */
final class DescriptorLimit implements AutoCloseable {
    private final Process shell;
    private final Writer commands;
    private final BufferedReader answers;
    private final String before;
    private final List<Fd> fillers = new ArrayList<>();

    DescriptorLimit() throws IOException {
        // What a refusal needs is loaded now: without descriptors no class can be.
        var _ = new PosixException("open", "", Errno.EMFILE).getMessage();
        shell = new ProcessBuilder("sh").redirectError(ProcessBuilder.Redirect.INHERIT).start();
        commands = shell.outputWriter();
        answers = shell.inputReader();
        before = run("prlimit --pid " + pid() + " --nofile --output SOFT --noheadings");
    }

    /** From now on nobody in this process can open anything. */
    void leaveNone() throws IOException {
        set("1");
    }

    /**
     * From now on this process can open so many and no more, as one that has reached its limit:
     * every lower number is taken, and what is open can be replaced.
     */
    void leave(int count) throws IOException {
        int highest = NothingLeft.highestDescriptor();
        Fd filler = Descriptors.openNull();
        while (filler.number() < highest) {
            fillers.add(filler);
            filler = Descriptors.openNull();
        }
        int free = filler.number();
        filler.close();
        set(String.valueOf(free + count));
    }

    void restore() throws IOException {
        set(before);
        fillers.forEach(Fd::close);
        fillers.clear();
    }

    private void set(String limit) throws IOException {
        String answer = run("prlimit --pid " + pid() + " --nofile=" + limit + ": && echo done");
        if (!answer.equals("done")) {
            throw new IOException("cannot set the limit: " + answer);
        }
    }

    private String run(String command) throws IOException {
        commands.write(command + "\n");
        commands.flush();
        return String.valueOf(answers.readLine()).strip();
    }

    private static long pid() {
        return ProcessHandle.current().pid();
    }

    @Override
    public void close() throws IOException {
        restore();
        commands.close();
        shell.onExit().join();
        answers.close();
        shell.getErrorStream().close();
    }
}
