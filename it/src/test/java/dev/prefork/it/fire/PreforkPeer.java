package dev.prefork.it.fire;

import dev.prefork.it.support.Command;
import dev.prefork.it.support.Ports;
import dev.prefork.it.support.Program;

import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;

/** Our own command. */
final class PreforkPeer implements Peer {
    /** An option: how many JVMs wait to be workers. */
    static final String SPARES = "--spares";

    private static final List<String> JVM =
            List.of("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-Xmx128m");

    @Override
    public String name() {
        return "prefork";
    }

    @Override
    public Installed install() {
        return new Installed(true, "of this build");
    }

    @Override
    public Set<Can> can() {
        return EnumSet.allOf(Can.class);
    }

    /** The program without us. */
    static Command plain(FireJar jar, List<String> arguments) {
        List<String> words = new ArrayList<>(JVM);
        words.addAll(List.of("-jar", jar.file().toString()));
        words.addAll(arguments);
        return Command.of(Command.javaExecutable(), words.toArray(String[]::new));
    }

    @Override
    public Fleet start(Stage stage, List<String> before, List<String> options) throws IOException {
        return run(stage, before, options, List.of());
    }

    /** The same, of a program that prints without end. */
    static Running chattering(Stage stage, List<String> before, List<String> options)
            throws IOException {
        return run(stage, before, options, List.of("chattering"));
    }

    private static Running run(
            Stage stage, List<String> before, List<String> options, List<String> arguments)
            throws IOException {
        int port = Ports.row(1);
        if (Files.notExists(stage.jar().file())) {
            stage.jar().deploy(Version.FIRST);
        }
        List<Object> words = new ArrayList<>(List.of("run", "-w", stage.workers()));
        words.addAll(options);
        JVM.forEach(option -> words.add("-J" + option));
        words.addAll(List.of(stage.jar().file(), port, stage.folder()));
        words.addAll(arguments);
        List<String> all = new ArrayList<>(before);
        all.addAll(Command.prefork(words.toArray()).words());
        Program program = stage.run(new Command(all, Map.of()));
        // A spare has no file of connections: its main has not begun.
        Predicate<ProcessHandle> isWorker =
                options.contains(SPARES)
                        ? child -> isJvm(child) && InHand.isThere(stage.folder(), child.pid())
                        : PreforkPeer::isJvm;
        return new Running(program, port, stage, isWorker);
    }

    private static boolean isJvm(ProcessHandle child) {
        return child.info().command().filter(path -> path.endsWith("/java")).isPresent();
    }

    /** A {@code prefork run}. */
    static final class Running extends Fleet {
        private final FireJar jar;

        Running(Program program, int port, Stage stage, Predicate<ProcessHandle> isWorker) {
            super(program, port, stage.workers(), isWorker);
            this.jar = stage.jar();
        }

        @Override
        boolean spreads() {
            return true;
        }

        @Override
        void reload() {
            program().signal("HUP");
        }

        @Override
        void deploy(Version version) throws IOException {
            jar.deploy(version);
        }
    }
}
