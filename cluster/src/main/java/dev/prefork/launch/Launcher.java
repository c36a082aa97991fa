package dev.prefork.launch;

import dev.prefork.ClassDataSource.ClassData;
import dev.prefork.ClusterSettings;
import dev.prefork.ForkException;
import dev.prefork.log.LazyLogger;
import dev.prefork.loop.StreamSocket;
import dev.prefork.posix.CString;
import dev.prefork.posix.Child;
import dev.prefork.posix.Credentials;
import dev.prefork.posix.Environment;
import dev.prefork.posix.Errno;
import dev.prefork.posix.Fd;
import dev.prefork.posix.PosixException;
import dev.prefork.posix.Spawn;

import java.nio.file.Files;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;

/**
 * Starts the processes of workers: of this program again, or of what the settings say. Safe for any
 * thread.
 *
 * <p>Everything that can be refused is done before the process is there, so that a launch that
 * fails leaves nothing behind.
 */
public final class Launcher {
    private static final LazyLogger LOG = new LazyLogger(Launcher.class);

    /** Unless the settings say {@link ClusterSettings#stopTimeout}. */
    public static final Duration STOP_MAY_TAKE = Duration.ofSeconds(2);

    private final Optional<JavaCommandLine> thisProgram;
    private final OwnWords ownWords;
    private final InspectPort inspectPort;
    private final Spawner spawner;
    private final Supplier<Fd> agent;
    private Optional<Guardian> guardian = Optional.empty(); // guarded by this
    private Optional<JoinFiles> joinFiles = Optional.empty(); // guarded by this
    private final AtomicBoolean warned = new AtomicBoolean();

    /** Of this process. */
    public Launcher() {
        this(
                JavaCommandLine.ofThisProcess(),
                JavaCommandLine.wordsOfThisProcess(),
                Spawner.PROCESSES,
                AgentJar::copy);
    }

    /**
     * Of a process with this command line.
     *
     * @param thisProgram the command line, if it can be understood
     * @param words all of its words
     * @param agent what standalone workers are lent, open for as long as this
     */
    Launcher(
            Optional<JavaCommandLine> thisProgram,
            List<String> words,
            Spawner spawner,
            Supplier<Fd> agent) {
        this.thisProgram = thisProgram;
        this.ownWords = new OwnWords(words, NativeText.OURS);
        this.inspectPort =
                new InspectPort(thisProgram.map(JavaCommandLine::options).orElse(List.of()));
        this.spawner = spawner;
        this.agent = agent;
    }

    /**
     * The settings that apply where the application gives none: this program, its arguments, its
     * JVM's options. No program where a worker cannot be started as this JVM was.
     */
    public ClusterSettings defaults() {
        ClusterSettings.Builder settings = ClusterSettings.builder().args().execArgv();
        thisProgram.ifPresent(line -> settings.execArgv(line.options()));
        if (Unrepeatable.reason(thisProgram).isEmpty()) {
            thisProgram.ifPresentOrElse(
                    line -> settings.exec(line.program()).args(line.arguments()),
                    () ->
                            PackagedApplication.ofThisProcess()
                                    .ifPresent(application -> application.addTo(settings)));
        }
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
        settings.cwd()
                .filter(directory -> !Files.isDirectory(directory))
                .ifPresent(
                        directory -> {
                            throw new ForkException(
                                    "cannot fork: cwd=" + directory + " is not a directory", null);
                        });
        GroupWarning.of(settings).ifPresent(this::warnOnce);
        try (Stdio stdio = Stdio.open(settings)) {
            boolean standalone = settings.standalone().orElse(false);
            Optional<String> lent = standalone ? Optional.of(lendAgent(stdio)) : Optional.empty();
            boolean wrapped = !standalone && settings.wrapped().orElse(false);
            Optional<JoinOffer> offer =
                    wrapped ? Optional.of(stdio.offer(request.id())) : Optional.empty();
            WorkerCommand command =
                    new WorkerCommands(thisProgram)
                            .of(
                                    settings,
                                    jvmOptions(request),
                                    lent::orElseThrow,
                                    classData(request));
            Map<CString, CString> environment = environment(request, stdio, lent, offer);
            Spawn spawn = spawn(request, command, environment, stdio);
            Map<Integer, StreamSocket> pipes = stdio.openPipes(request.loop());
            Child child = start(spawn, new Credentials(settings.uid(), settings.gid()));
            Optional<Guardian.Group> group =
                    spawn.ownGroup()
                            ? Optional.of(guardian(settings).guard(child.pid()))
                            : Optional.empty();
            return new Launched(
                    child,
                    group,
                    stdio.started(),
                    pipes,
                    command.what(),
                    offer.isPresent(),
                    OneProcessVariables.waits(environment));
        } catch (PosixException e) {
            throw new ForkException("cannot fork: " + e.getMessage(), e);
        }
    }

    /**
     * Whether a worker may be one that was a spare: its settings want some, and nothing of how it
     * is started depends on its id or its slot.
     */
    public boolean mayBeSpare(LaunchRequest request) {
        ClusterSettings settings = request.settings();
        return settings.spares().orElse(0) > 0
                && settings.standalone().orElse(false)
                && request.place() != Place.NONE
                && settings.inspectPort().isEmpty()
                && !OneProcessVariables.haveDebugger(request, Environment.ofThisProcess());
    }

    /** With the patience of the first worker that has a group of its own. */
    private synchronized Guardian guardian(ClusterSettings settings) {
        if (guardian.isEmpty()) {
            Guardian started = Guardian.start(settings.stopTimeout().orElse(STOP_MAY_TAKE));
            joinFiles.ifPresent(started::removesAtTheEnd);
            guardian = Optional.of(started);
        }
        return guardian.get();
    }

    /** There are no workers any more. */
    public synchronized void close() {
        guardian.ifPresent(Guardian::close);
        guardian = Optional.empty();
        joinFiles.ifPresent(JoinFiles::remove);
        joinFiles = Optional.empty();
    }

    /** Written for the first worker that needs them, or when somebody has cleaned up. */
    private synchronized JoinFiles joinFiles() {
        if (joinFiles.filter(JoinFiles::areThere).isEmpty()) {
            joinFiles.ifPresent(JoinFiles::remove);
            joinFiles = Optional.of(JoinFiles.write(agent.get()));
            guardian.ifPresent(there -> there.removesAtTheEnd(joinFiles.get()));
        }
        return joinFiles.get();
    }

    private String lendAgent(Stdio stdio) {
        return AgentJar.pathOf(stdio.lend(agent.get())).toString();
    }

    private Optional<ClassData> classData(LaunchRequest request) {
        return request.settings()
                .classData()
                .flatMap(
                        source ->
                                ClassDataJvm.of(
                                                request.settings(),
                                                request.environment(),
                                                AgentJar.pathOf(agent.get().number()))
                                        .flatMap(source::of));
    }

    /** The debugger of a standalone worker in a slot goes by the slot, that of others counts up. */
    private List<String> jvmOptions(LaunchRequest request) {
        ClusterSettings settings = request.settings();
        boolean bySlot =
                settings.standalone().orElse(false)
                        && request.place() != Place.NONE
                        && settings.inspectPort().isEmpty();
        return bySlot ? settings.execArgv().orElse(List.of()) : inspectPort.next(settings);
    }

    private Map<CString, CString> environment(
            LaunchRequest request, Stdio stdio, Optional<String> agent, Optional<JoinOffer> offer) {
        Map<CString, CString> plain =
                WorkerEnvironment.of(request, stdio, Environment.ofThisProcess());
        if (agent.isPresent()) {
            return OneProcessVariables.standalone(request, plain, agent.get());
        }
        Map<CString, CString> executable = OneProcessVariables.executable(request, plain);
        return offer.map(made -> JoinVariables.of(executable, made, joinFiles()))
                .orElse(executable);
    }

    private Spawn spawn(
            LaunchRequest request,
            WorkerCommand command,
            Map<CString, CString> environment,
            Stdio stdio) {
        ClusterSettings settings = request.settings();
        return new Spawn(
                NativeText.OURS.toSystem(command.executable()),
                ownWords.restore(command.arguments()).stream()
                        .map(NativeText.OURS::toSystem)
                        .toList(),
                environment,
                settings.cwd().map(NativeText::toSystem),
                stdio.descriptors(),
                settings.ownProcessGroup().orElse(false));
    }

    private Child start(Spawn spawn, Credentials credentials) throws PosixException {
        try {
            return spawner.start(spawn, credentials);
        } catch (PosixException e) {
            if (e.errno() == Errno.ENOENT) {
                throw new ForkException(
                        "cannot fork: there is no executable " + spawn.executable(), e);
            }
            throw e;
        }
    }

    private void warnOnce(String sentence) {
        if (!warned.getAndSet(true)) {
            LOG.get().log(System.Logger.Level.WARNING, sentence);
        }
    }
}
