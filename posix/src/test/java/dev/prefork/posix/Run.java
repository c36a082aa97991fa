package dev.prefork.posix;

import static org.assertj.core.api.Assertions.fail;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** A child process from its start to its end: how it ended and what it wrote. */
@SuppressWarnings("try") // closes early what it would close anyway
public record Run(ExitStatus end, String out, String err) {
    private static final Duration DEADLINE = Duration.ofSeconds(60);

    public static Run of(String executable, String... arguments) throws IOException {
        return of(spawn(executable, arguments));
    }

    /** Runs it to its end, with its descriptors 1 and 2 collected. */
    public static Run of(Spawn spawn) throws IOException {
        Fd[] out = Sockets.pair(Sockets.Type.STREAM);
        Fd[] err = Sockets.pair(Sockets.Type.STREAM);
        try (DescriptorSocket outReader = new DescriptorSocket(out[0], 65536);
                DescriptorSocket errReader = new DescriptorSocket(err[0], 65536);
                Fd outWriter = out[1];
                Fd errWriter = err[1]) {
            Descriptors.setNonBlocking(outWriter.number(), false);
            Descriptors.setNonBlocking(errWriter.number(), false);
            Map<Integer, Integer> descriptors = new HashMap<>(spawn.descriptors());
            descriptors.put(1, outWriter.number());
            descriptors.put(2, errWriter.number());
            Spawn collected =
                    new Spawn(
                            spawn.executable(),
                            spawn.arguments(),
                            spawn.environment(),
                            spawn.directory(),
                            descriptors,
                            spawn.ownGroup());
            try (Child child = collected.start()) {
                outWriter.close();
                errWriter.close();
                return toItsEnd(child, outReader, errReader);
            }
        }
    }

    private static Run toItsEnd(Child child, DescriptorSocket out, DescriptorSocket err)
            throws IOException {
        ByteArrayOutputStream outBytes = new ByteArrayOutputStream();
        ByteArrayOutputStream errBytes = new ByteArrayOutputStream();
        long deadline = System.nanoTime() + DEADLINE.toNanos();
        try (Epoll epoll = Epoll.open()) {
            epoll.add(out.descriptor(), Epoll.READABLE, 0);
            epoll.add(err.descriptor(), Epoll.READABLE, 0);
            Map<DescriptorSocket, ByteArrayOutputStream> bytes =
                    Map.of(out, outBytes, err, errBytes);
            Set<DescriptorSocket> open = new HashSet<>(bytes.keySet());
            while (!open.isEmpty()) {
                awaitSomething(epoll, deadline, child, errBytes);
                for (DescriptorSocket reader : List.copyOf(open)) {
                    if (!drain(reader, bytes.get(reader))) {
                        epoll.remove(reader.descriptor());
                        open.remove(reader);
                    }
                }
            }
            epoll.add(child.descriptor(), Epoll.READABLE, 0);
            awaitSomething(epoll, deadline, child, errBytes);
        }
        return new Run(
                child.reap().orElseThrow(),
                outBytes.toString(StandardCharsets.UTF_8),
                errBytes.toString(StandardCharsets.UTF_8));
    }

    private static void awaitSomething(
            Epoll epoll, long deadline, Child child, ByteArrayOutputStream err) throws IOException {
        while (epoll.await((int) Duration.ofSeconds(1).toMillis()) == 0) {
            if (System.nanoTime() - deadline > 0) {
                String state = Files.readString(Path.of("/proc/" + child.pid() + "/status"));
                Signal.SIGKILL.send(child.pid());
                Child.wait(child.pid(), 0);
                fail(
                        "child did not end within %s%nerr=%s%n%s%nours: %s"
                                .formatted(DEADLINE, err, state, NothingLeft.descriptors()));
            }
        }
    }

    /** Whether there may be more to come. */
    private static boolean drain(DescriptorSocket from, ByteArrayOutputStream to) {
        int count = from.receive();
        for (; count > 0; count = from.receive()) {
            byte[] bytes = new byte[count];
            from.received().get(bytes);
            to.writeBytes(bytes);
        }
        return count == DescriptorSocket.NOTHING;
    }

    /** The end of a child that nobody listens to. */
    public static ExitStatus awaitEnd(Child child) throws IOException {
        try (Epoll epoll = Epoll.open()) {
            epoll.add(child.descriptor(), Epoll.READABLE, 0);
            long deadline = System.nanoTime() + DEADLINE.toNanos();
            awaitSomething(epoll, deadline, child, new ByteArrayOutputStream());
            return child.reap().orElseThrow();
        }
    }

    public static Spawn spawn(String executable, String... arguments) {
        return new Spawn(
                executable, List.of(arguments), System.getenv(), Optional.empty(), Map.of());
    }

    /** The words of a command that runs a class of the tests in a JVM of its own. */
    public static String[] java(Class<?> main, String... arguments) {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(List.of("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-Xshare:auto"));
        command.add("--enable-native-access=ALL-UNNAMED");
        command.addAll(List.of("-cp", location(Fd.class) + ":" + location(main), main.getName()));
        command.addAll(List.of(arguments));
        return command.toArray(String[]::new);
    }

    /** A shell that first does the set-up and then becomes the command. */
    public static Spawn inShell(String setUp, String... command) {
        List<String> arguments = new ArrayList<>(List.of("-c", setUp + "; exec \"$@\"", "sh"));
        arguments.addAll(List.of(command));
        return spawn("/bin/sh", arguments.toArray(String[]::new));
    }

    private static Path location(Class<?> type) {
        try {
            return Path.of(type.getProtectionDomain().getCodeSource().getLocation().toURI());
        } catch (URISyntaxException e) {
            throw new AssertionError("no path of " + type, e);
        }
    }
}
