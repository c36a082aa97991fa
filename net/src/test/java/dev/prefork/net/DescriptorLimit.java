package dev.prefork.net;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.Writer;

/**
 * Takes this process's right to open descriptors away, and gives it back: prlimit(1) in a shell
 * that was started before.
 */
final class DescriptorLimit implements AutoCloseable {
    private final Process shell;
    private final Writer commands;
    private final BufferedReader answers;
    private final String before;

    DescriptorLimit() throws IOException {
        shell = new ProcessBuilder("sh").redirectError(ProcessBuilder.Redirect.INHERIT).start();
        commands = shell.outputWriter();
        answers = shell.inputReader();
        before = run("prlimit --pid " + pid() + " --nofile --output SOFT --noheadings");
    }

    /** From now on nobody in this process can open anything. */
    void leaveNone() throws IOException {
        set("1");
    }

    void restore() throws IOException {
        set(before);
    }

    private void set(String limit) throws IOException {
        String answer = run("prlimit --pid " + pid() + " --nofile=" + limit + ": && echo done");
        if (!answer.equals("done")) {
            throw new IOException("can't set the limit: " + answer);
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
