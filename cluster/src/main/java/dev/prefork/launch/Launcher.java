package dev.prefork.launch;

import dev.prefork.ClusterSettings;
import dev.prefork.ForkException;
import dev.prefork.loop.StreamSocket;
import dev.prefork.posix.Child;
import dev.prefork.posix.Credentials;
import dev.prefork.posix.Errno;
import dev.prefork.posix.PosixException;
import dev.prefork.posix.Spawn;

import java.nio.file.Files;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Starts the processes of workers: of this program again, or of what the settings say. Safe for any
 * thread.
 *
 * <p>Everything that can be refused is done before the process is there, so that a launch that
 * fails leaves nothing behind.
 */
public final class Launcher {
    private static final System.Logger LOG = System.getLogger(Launcher.class.getName());

    private final Optional<JavaCommandLine> thisProgram;
    private final InspectPort inspectPort;
    private final Spawner spawner;
    private final AtomicBoolean warned = new AtomicBoolean();

    /** Of this process. */
    public Launcher() {
        this(JavaCommandLine.ofThisProcess(), Spawner.PROCESSES);
    }

    /** Of a process with this command line, if it has one that can be understood. */
    Launcher(Optional<JavaCommandLine> thisProgram, Spawner spawner) {
        this.thisProgram = thisProgram;
        this.inspectPort =
                new InspectPort(thisProgram.map(JavaCommandLine::options).orElse(List.of()));
        this.spawner = spawner;
    }

    /**
     * The settings that apply where the application gives none: this program, its arguments, its
     * JVM's options.
     */
    public ClusterSettings defaults() {
        ClusterSettings.Builder settings = ClusterSettings.builder();
        thisProgram.ifPresentOrElse(
                line ->
                        settings.exec(line.program())
                                .args(line.arguments())
                                .execArgv(line.options()),
                () -> settings.args().execArgv());
        return settings.silent(false).build();
    }

    /**
     * Starts one worker.
     *
     * @throws ForkException that names what the machine does not have or does not allow
     * @throws IllegalArgumentException that names what is wrong in the request
     */
    public Launched launch(LaunchRequest request) {
        ClusterSettings settings = request.settings();
        Map<String, String> environment = WorkerEnvironment.of(request);
        settings.cwd()
                .filter(directory -> !Files.isDirectory(directory))
                .ifPresent(
                        directory -> {
                            throw new ForkException(
                                    "cannot fork: cwd=" + directory + " is not a directory", null);
                        });
        WorkerCommand command =
                new WorkerCommands(thisProgram)
                        .of(settings, inspectPort.next(settings), () -> AgentJar.find().toString());
        GroupWarning.of(settings).ifPresent(this::warnOnce);
        try (Stdio stdio = Stdio.open(settings)) {
            environment.putAll(stdio.variables());
            Map<Integer, StreamSocket> pipes = stdio.openPipes(request.loop());
            Child child =
                    spawner.start(
                            new Spawn(
                                    command.executable(),
                                    command.arguments(),
                                    environment,
                                    settings.cwd(),
                                    stdio.descriptors(),
                                    settings.ownProcessGroup().orElse(false)),
                            new Credentials(settings.uid(), settings.gid()));
            return new Launched(child, stdio.started(), pipes, command.what());
        } catch (PosixException e) {
            throw new ForkException("cannot fork: " + explain(command, e), e);
        }
    }

    private void warnOnce(String sentence) {
        if (!warned.getAndSet(true)) {
            LOG.log(System.Logger.Level.WARNING, sentence);
        }
    }

    private static String explain(WorkerCommand command, PosixException e) {
        return e.errno() == Errno.ENOENT
                ? "there is no executable " + command.executable()
                : e.getMessage();
    }
}
