package dev.prefork.classdata;

import dev.prefork.launch.WorkerJvm;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;

/** The classes that go into an archive, a line for each; what a line means is the JVM's affair. */
final class ClassList {
    private ClassList() {}

    /**
     * Adds those of the JDK's own archive, which this one is instead of: programs of all kinds use
     * them. The last line that was noted may lack its end, as the JVM's came in between.
     */
    static void join(Path java, Path list) throws IOException {
        byte[] noted = Files.readAllBytes(list);
        int end = noted.length;
        while (end > 0 && noted[end - 1] != '\n') {
            end--;
        }
        Path own = WorkerJvm.homeOf(java).resolve("lib/classlist");
        byte[] owns = Files.exists(own) ? Files.readAllBytes(own) : new byte[0];
        byte[] all = Arrays.copyOf(noted, end + owns.length);
        System.arraycopy(owns, 0, all, end, owns.length);
        Files.write(list, all);
    }
}
