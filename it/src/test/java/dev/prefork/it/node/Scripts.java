package dev.prefork.it.node;

import dev.prefork.it.support.Command;
import dev.prefork.json.Json;
import dev.prefork.launch.WorkerJvm;

import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** The commands that start Node and its Java workers. */
final class Scripts {
    private static final List<String> JVM_OPTIONS =
            List.of("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-Xmx128m");

    private Scripts() {}

    /** A script of the test resources. */
    static String path(String name) {
        try {
            return Path.of(Scripts.class.getResource("/node/" + name).toURI()).toString();
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }

    /** A Java primary, of Node workers that begin with these listens: options of server.listen. */
    static Command javaPrimary(NodeVersion version, String policy, String... listens) {
        List<Object> words = new ArrayList<>(List.of(version.executable(), path("worker.js")));
        words.addAll(List.of(listens));
        return Command.java(JavaPrimary.class, words.toArray())
                .with("NODE_CLUSTER_SCHED_POLICY", policy);
    }

    /**
     * A Node primary, of the kinds "java", "node" and "watched": a java whose exit code goes to
     * $EXIT_CODES.
     */
    static Command nodePrimary(NodeVersion version, String policy) {
        List<String> options = new ArrayList<>(JVM_OPTIONS);
        options.addAll(WorkerJvm.options());
        options.addAll(List.of("-cp", System.getProperty("java.class.path")));
        List<String> watched =
                new ArrayList<>(List.of("-c", "\"$0\" \"$@\"; echo $? >> \"$EXIT_CODES\""));
        watched.add(Command.javaExecutable());
        watched.addAll(options);
        List<String> main = List.of(JavaWorker.class.getName());
        Map<String, Object> kinds =
                Map.of(
                        "java",
                        kind(Command.javaExecutable(), options, WorkerJvm.MAIN_CLASS, main),
                        "watched",
                        kind("/bin/sh", watched, WorkerJvm.MAIN_CLASS, main),
                        "node",
                        kind(
                                version.executable(),
                                List.of(),
                                path("worker.js"),
                                List.of("{\"port\":0}")));
        String json = new String(Json.writeLine(kinds), StandardCharsets.UTF_8).strip();
        return Command.of(version.executable(), path("primary.js"), json)
                .with("NODE_CLUSTER_SCHED_POLICY", policy);
    }

    private static Map<String, Object> kind(
            String execPath, List<String> execArgv, String exec, List<String> args) {
        return Map.of("execPath", execPath, "execArgv", execArgv, "exec", exec, "args", args);
    }
}
