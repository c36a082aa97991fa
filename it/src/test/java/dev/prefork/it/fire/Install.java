package dev.prefork.it.fire;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Brings what we are put beside onto this machine, once. */
final class Install {
    private static final Pattern VERSION = Pattern.compile("\\d+(\\.\\d+)+");

    private Install() {}

    /** By Debian's packages, as root; whose version the executable says. */
    static Peer.Installed debian(String name, String... versionWords) {
        try {
            if (!isThere(versionWords[0])) {
                run("apt-get", "install", "-y", "--no-install-recommends", name);
            }
            return version(versionWords);
        } catch (IOException e) {
            return new Peer.Installed(
                    false, "not tried: apt-get install " + name + " as root brings it");
        }
    }

    /** By npm, into a folder of the build. */
    static Peer.Installed npm(Path folder, String name, String version) {
        try {
            if (Files.notExists(folder.resolve("node_modules"))) {
                run(
                        "npm",
                        "install",
                        "--no-audit",
                        "--no-fund",
                        "--loglevel=error",
                        "--prefix",
                        folder.toString(),
                        name + "@" + version);
            }
            return new Peer.Installed(true, version);
        } catch (IOException e) {
            return new Peer.Installed(false, "not tried: npm install " + name + " fails here");
        }
    }

    private static boolean isThere(String executable) {
        return List.of(System.getenv("PATH").split(":", -1)).stream()
                .map(folder -> Path.of(folder, executable))
                .anyMatch(Files::isExecutable);
    }

    /** Of what is there. */
    static Peer.Installed version(String... words) throws IOException {
        Matcher matcher = VERSION.matcher(run(words));
        return new Peer.Installed(true, matcher.find() ? matcher.group() : "of no known version");
    }

    private static String run(String... words) throws IOException {
        Process process = new ProcessBuilder(words).redirectErrorStream(true).start();
        process.getOutputStream().close();
        String output = new String(process.getInputStream().readAllBytes(), UTF_8);
        try {
            if (!process.waitFor(5, TimeUnit.MINUTES) || process.exitValue() != 0) {
                throw new IOException(String.join(" ", words) + " failed: " + output);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException(e);
        }
        return output;
    }
}
