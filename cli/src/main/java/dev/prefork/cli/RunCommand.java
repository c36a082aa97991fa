package dev.prefork.cli;

import dev.prefork.ClusterSettings;
import dev.prefork.Prefork;
import dev.prefork.SchedulingPolicy;
import dev.prefork.Worker;
import dev.prefork.budget.WorkerMemory;
import dev.prefork.classdata.ClassDataFolder;
import dev.prefork.classdata.TrainingProcess;
import dev.prefork.drive.Driver;
import dev.prefork.drive.Workers;
import dev.prefork.end.FirstProcess;
import dev.prefork.keep.ClusterWorkers;
import dev.prefork.supervise.LeaveTimes;
import dev.prefork.supervise.Limits;
import dev.prefork.supervise.Restart;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

import java.io.InputStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;

/** {@code prefork run}: a program as workers on one port, in the foreground. */
@Command(
        name = "run",
        mixinStandardHelpOptions = true,
        versionProvider = PreforkCommand.Version.class,
        sortOptions = false,
        description = "Runs a program as several workers that share its ports.",
        customSynopsis = {
            "prefork run [OPTIONS] PROGRAM [ARGS...]",
            "       prefork run [OPTIONS] --exec COMMAND [ARGS...]",
            ""
        },
        footer = {
            "",
            "Examples:",
            "  prefork run app.jar --server.port=8080      a worker for each processor",
            "  prefork run -w 4 -Xmx256m app.jar           4 workers with 256 MB of heap each",
            "  prefork run -w 2 -cp 'lib/*' com.acme.Main  a main class",
            "  prefork run -w 2 Server.java                a source file",
            "  prefork run -w 2 -p mods -m app/acme.Main   a module",
            "  prefork run -w 2 --exec node server.js      any other program",
            "",
            "Signals to prefork:",
            "  HUP           replaces the workers one by one; no connection is lost",
            "  TTIN, TTOU    one worker more, one fewer",
            "  TERM, INT     ends them as their connections end; sent again, half a second later",
            "                or more: at once",
            "  QUIT          thread dumps of prefork and of all workers",
            "",
            "Options of java stand as after java: -Xmx256m -Dx=y -p mods @file.",
            "A worker that dies is replaced. In each the variable PREFORK_SLOT is the number of",
            "its place, from 0; who replaces it has the same."
        })
final class RunCommand implements Callable<Integer> {
    @Option(
            names = {"-w", "--workers"},
            paramLabel = "N|max",
            defaultValue = "max",
            description = "How many workers; max (the default): one for each processor.")
    private String workers;

    @Option(
            names = "--policy",
            paramLabel = "rr|none|reuseport",
            description =
                    "Who chooses the worker of a connection: rr, the primary, in turn (the"
                            + " default); none, the system, all from one socket; reuseport, the"
                            + " system, each from its own.")
    private Optional<String> policy;

    @Mixin private BalanceOptions balance;
    @Mixin private WarmUpOptions warmUps;

    @Option(
            names = "-J",
            paramLabel = "<jvm option>",
            description = "An option of the workers' JVMs, such as -J-Xmx256m; repeatable.")
    private List<String> jvmOptions = new ArrayList<>();

    @Option(
            names = "--jvm",
            paramLabel = "\"OPTIONS\"",
            description = "Several of them, such as --jvm \"-Xmx256m -XX:+UseSerialGC\".")
    private List<String> jvmOptionLists = new ArrayList<>();

    @Option(
            names = {"-cp", "-classpath", "--class-path"},
            paramLabel = "PATH",
            description = "The class path of a main class.")
    private Optional<String> classPath;

    @Option(
            names = "-jar",
            description = "The program is a jar, whatever its name; may be left out.")
    private boolean isJar;

    @Option(
            names = {"-m", "--module"},
            description = "The program is a module: module or module/main.Class.")
    private boolean isModule;

    @Option(
            names = "--java-home",
            paramLabel = "FOLDER",
            description = "The JDK of the workers, 25 or later; default: prefork's own.")
    private Optional<String> javaHome;

    @Option(names = "--exec", description = "The program is an executable, not a Java program.")
    private boolean isExecutable;

    @Option(
            names = "--ports",
            paramLabel = "RULES",
            description =
                    "Which ports are a worker's own: 9010=offset (9010 plus its slot, from 0),"
                            + " 8000-8099=private, loopback:*=private; port 0 as well, unless"
                            + " 0=shared, and with an offset those of JMX, RMI, debuggers and Java"
                            + " agents (agent=shared); all others are shared.")
    private Optional<String> ports;

    @Option(
            names = "--stop-timeout",
            paramLabel = "SECONDS",
            description =
                    "How long all of a worker's leave may take, until SIGKILL, and with it"
                            + " prefork's own end; default 30, or --drain-timeout and 10 if that is"
                            + " longer.")
    private Optional<String> stop;

    @Option(
            names = "--drain-timeout",
            paramLabel = "SECONDS",
            description =
                    "The part of it that open connections may take before SIGTERM; default: two"
                            + " thirds.")
    private Optional<String> drain;

    @Option(
            names = "--idle-grace",
            paramLabel = "SECONDS|never",
            defaultValue = "1",
            description =
                    "How long those that nobody uses, such as kept-alive ones, may stay open"
                            + " meanwhile; default 1.")
    private String idle;

    @Option(
            names = "--listen-timeout",
            paramLabel = "SECONDS",
            defaultValue = "60",
            description = "How long a new worker may take to listen in a reload; default 60.")
    private String listen;

    @Option(
            names = "--no-prefix",
            description =
                    "The workers print by themselves to prefork's own stdout and stderr, without"
                            + " their numbers: byte for byte, and on a terminal as to a terminal.")
    private boolean noPrefix;

    @Option(
            names = "--log-format",
            paramLabel = "text|json",
            defaultValue = "text",
            description =
                    "json: each line that a worker or prefork prints is a JSON object with time,"
                            + " slot, worker, pid, stream and text.")
    private String logFormat;

    @Option(
            names = "--ready-after",
            paramLabel = "SECONDS",
            description =
                    "How long a new worker must serve in a reload before the old one goes (default"
                            + " 2), or run, if the program listens on no port (default 10).")
    private Optional<String> ready;

    @Option(
            names = "--surge",
            paramLabel = "N",
            defaultValue = "1",
            description =
                    "How many new workers a reload starts at once, beside the old ones that they"
                            + " replace (default 1; all: as many as there are workers).")
    private String surge;

    @Option(
            names = "--restart",
            paramLabel = "WHO",
            defaultValue = "unless-done",
            description =
                    "Which workers are replaced when they end: always, on-failure (all but those"
                            + " with exit code 0), never, or unless-done (the default: all but"
                            + " those with code 0 that never listened on a port).")
    private String restart;

    @Option(
            names = "--spares",
            paramLabel = "N",
            defaultValue = "0",
            description =
                    "How many JVMs wait, booted, to take the place of a worker that dies: it is"
                            + " back in half the time, for the memory of an idle JVM (default 0).")
    private String spares;

    @Option(
            names = "--class-data",
            paramLabel = "FOLDER",
            description =
                    "Where class data is kept, by which a worker's JVM starts in two thirds of the"
                            + " time, once some has been made beside the workers; none: nowhere."
                            + " Default: what the variable PREFORK_CLASS_DATA says, else"
                            + " ~/.cache/prefork.")
    private Optional<String> classData;

    @Option(
            names = "--prepare",
            description =
                    "Makes the class data of such workers and runs none: for the image of a"
                            + " container.")
    private boolean prepare;

    @Option(
            names = "--plain-jvm",
            description =
                    "The workers' JVMs choose heap, collector and headers of objects as java alone"
                        + " does; else prefork does where the user has not, so that all of them fit"
                        + " into the memory.")
    private boolean plainJvm;

    @Parameters(hidden = true)
    private List<String> words = new ArrayList<>();

    private final StandardInput input = StandardInput.ofThisProcess();
    private final Optional<Path> directory = WorkingDirectory.byItsLinks();

    /** The same command line, read again with the files that it names. */
    private Supplier<RunCommand> anew = () -> this;

    void readAnewBy(Supplier<RunCommand> reader) {
        anew = reader;
    }

    @Override
    public Integer call() {
        int count = Values.workers(workers);
        LeaveTimes leave = Values.leave(drain, stop);
        Limits limits =
                new Limits(
                        leave.drain(),
                        leave.total(),
                        Values.seconds("--listen-timeout", listen),
                        Values.seconds("--ready-after", ready.orElse("2")),
                        Values.seconds("--ready-after", ready.orElse("10")));
        Optional<SchedulingPolicy> wanted = Values.policy(policy);
        Optional<WarmUp> warmUp = warmUps.read(limits.listen());
        OutputFormat format = Values.output(logFormat, noPrefix);
        Terminal terminal = new Terminal(format);
        TrainingProcess training =
                new TrainingProcess(
                        reason -> terminal.say("no class data for these workers: " + reason));
        int startAtOnce = Values.surge(surge);
        Restart replaced = Values.restart(restart);
        Optional<Path> kept =
                isExecutable ? Optional.empty() : Values.classData(classData, System::getenv);
        Function<ClusterSettings.Builder, ClusterSettings> fixed =
                fixed(
                        limits,
                        count,
                        format,
                        kept.map(folder -> new ClassDataFolder(folder, training)),
                        new WorkerMemory(
                                count, count + Math.min(count, startAtOnce), terminal::say));
        Generation first = Generation.read(source(fixed), directory);
        if (prepare) {
            int code = WithoutWorkers.prepare(kept, first.settings(), terminal::say);
            terminal.close(new OutputEnd().begin());
            return code;
        }
        Prefork cluster = Prefork.create();
        wanted.ifPresent(cluster::schedulingPolicy);
        ColdWorkers cold = new ColdWorkers();
        balance.apply(cluster, warmUp.map(_ -> cold));
        TooFewDescriptors limit = new TooFewDescriptors(terminal::say);
        var _ = cluster.onAcceptShortage(limit::toAccept);
        // Without a listener they would be kept for one.
        var _ = cluster.onMessage((_, message) -> UnwantedHandle.close(message));
        NativeTransport nativeTransport = new NativeTransport(terminal::say);
        UnaryOperator<InputStream> errors =
                isExecutable ? WithoutNote::new : UnaryOperator.identity();
        RefusedListens refusedListens = new RefusedListens(terminal::say, limit);
        Workers workersOfTheCluster =
                new ClusterWorkers(
                        cluster,
                        new Generations(
                                first,
                                () -> Generation.read(anew.get().source(fixed), directory),
                                terminal::say,
                                Thread.ofPlatform().name("prefork-copies").daemon()::start),
                        Map.of(),
                        isExecutable ? worker -> worker.kill("SIGTERM") : Worker::disconnect,
                        (worker, slot) -> {
                            refusedListens.watch(worker);
                            ClusterWorkers.Output output = terminal.outputOf(worker, slot, errors);
                            var _ =
                                    output.ended()
                                            .thenApply(_ -> output.lastLines())
                                            .thenAccept(
                                                    lines -> {
                                                        limit.ended(lines);
                                                        nativeTransport.ended(lines);
                                                    });
                            return output;
                        });
        Workers warmed =
                warmUp.<Workers>map(
                                wish ->
                                        new WarmWorkers(
                                                workersOfTheCluster, wish, cold, terminal::say))
                        .orElse(workersOfTheCluster);
        Driver driver = new Driver(limits, startAtOnce, replaced, warmed, terminal);
        OutputEnd outputEnd = new OutputEnd();
        Requests requests =
                new Requests(
                        sharesTerminal(count),
                        request -> {
                            switch (request) {
                                case STOP, INTERRUPT, HANG_UP -> outputEnd.asked();
                                default -> {}
                            }
                            driver.ask(request);
                        });
        if (!requests.listen()) {
            terminal.say("SIGHUP is ignored here, as under nohup: no reload by it");
        }
        FirstProcess.beIt();
        int code = driver.run(count, () -> whenStarted(requests));
        terminal.close(outputEnd.begin());
        // Who waits for us finds nothing of ours running.
        training.close();
        cluster.close();
        // Not back through picocli: what it still needs may have gone with our jar.
        System.exit(code);
        return code;
    }

    /** What else there is to do, while the workers start. */
    private void whenStarted(Requests requests) {
        OwnClasses.loadInBackground();
        if (!isExecutable) {
            // Others than java would end by it.
            requests.listenToThreadDumps();
        }
    }

    /** Puts in what stays as it is at the start, whatever a reload reads. */
    private Function<ClusterSettings.Builder, ClusterSettings> fixed(
            Limits limits,
            int count,
            OutputFormat format,
            Optional<ClassDataFolder> data,
            WorkerMemory memory) {
        String read = input.isFor(count) ? "inherit" : "pipe";
        String printed = format == OutputFormat.PLAIN ? "inherit" : "pipe";
        boolean ownGroup = !sharesTerminal(count);
        return settings -> {
            data.ifPresent(settings::classData);
            ClusterSettings all =
                    settings.stdio(read, printed, printed, "ipc")
                            .silent(true)
                            .ownProcessGroup(ownGroup)
                            .stopTimeout(limits.stop().plusMillis(1))
                            .build();
            return isExecutable || plainJvm ? all : memory.in(all);
        };
    }

    private Generation.Source source(Function<ClusterSettings.Builder, ClusterSettings> fixed) {
        return new Generation.Source() {
            @Override
            public ProgramArguments program() {
                List<String> options = new ArrayList<>(jvmOptions);
                jvmOptionLists.forEach(list -> options.addAll(Values.words(list)));
                return new ProgramArguments(options, classPath, words);
            }

            @Override
            public boolean isJava() {
                return !isExecutable;
            }

            @Override
            public ClusterSettings settings(ProgramArguments program, Optional<Path> directory) {
                ClusterSettings.Builder settings = program.settings(kind());
                Values.ports(ports, kind()).ifPresent(settings::ports);
                Values.secondsOrNever("--idle-grace", idle).ifPresent(settings::idleGrace);
                workersJava().ifPresent(settings::execPath);
                settings.spares(spares());
                directory.ifPresent(settings::cwd);
                return fixed.apply(settings);
            }
        };
    }

    /** Whether the worker reads from the terminal, as part of the shell's job that we are. */
    private boolean sharesTerminal(int count) {
        return count == 1 && input == StandardInput.TERMINAL;
    }

    private Optional<String> workersJava() {
        if (javaHome.isPresent() && isExecutable) {
            throw new UsageException("--java-home is for Java programs, and --exec says none");
        }
        return javaHome.map(Path::of).map(JavaHome::new).map(JavaHome::executable);
    }

    private int spares() {
        int count = Values.spares(spares);
        if (count > 0 && isExecutable) {
            throw new UsageException("--spares is for Java programs, and --exec says none");
        }
        return count;
    }

    private ProgramArguments.Kind kind() {
        if (isExecutable) {
            return ProgramArguments.Kind.EXECUTABLE;
        }
        if (isJar) {
            return ProgramArguments.Kind.JAR;
        }
        return isModule ? ProgramArguments.Kind.MODULE : ProgramArguments.Kind.JAVA;
    }
}
