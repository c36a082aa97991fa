package dev.prefork;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.StringJoiner;
import java.util.function.IntSupplier;

/**
 * What {@link Cluster#fork} starts; Node: {@code cluster.settings}. Each setting may be absent:
 * given to {@link Cluster#setupPrimary} an absent one keeps its present value.
 */
public final class ClusterSettings {
    /** Compares and prints as the number it is. */
    private record FixedPort(int getAsInt) implements IntSupplier {
        @Override
        public String toString() {
            return String.valueOf(getAsInt);
        }
    }

    private static final Set<String> STDIO_WORDS = Set.of("pipe", "inherit", "ignore", "ipc");

    private static final ClusterSettings EMPTY = new ClusterSettings(new Builder());

    private final List<String> execArgv;
    private final String execPath;
    private final String exec;
    private final List<String> args;
    private final Path cwd;
    private final Boolean silent;
    private final List<Object> stdio;
    private final Integer uid;
    private final Integer gid;
    private final IntSupplier inspectPort;
    private final Boolean windowsHide;
    private final Boolean standalone;
    private final Boolean ownProcessGroup;
    private final PortRules ports;
    private final Duration stopTimeout;

    private ClusterSettings(Builder builder) {
        this.execArgv = builder.execArgv;
        this.execPath = builder.execPath;
        this.exec = builder.exec;
        this.args = builder.args;
        this.cwd = builder.cwd;
        this.silent = builder.silent;
        this.stdio = builder.stdio;
        this.uid = builder.uid;
        this.gid = builder.gid;
        this.inspectPort = builder.inspectPort;
        this.windowsHide = builder.windowsHide;
        this.standalone = builder.standalone;
        this.ownProcessGroup = builder.ownProcessGroup;
        this.ports = builder.ports;
        this.stopTimeout = builder.stopTimeout;
    }

    /** No setting at all. */
    public static ClusterSettings empty() {
        return EMPTY;
    }

    /** For settings of one's own. */
    public static Builder builder() {
        return new Builder();
    }

    /**
     * Options of the worker's JVM; class path and module path are not among them and always stay.
     * Default: this JVM's.
     */
    public Optional<List<String>> execArgv() {
        return Optional.ofNullable(execArgv);
    }

    /** The executable, a path or a name on PATH. Default: the java that runs this JVM. */
    public Optional<String> execPath() {
        return Optional.ofNullable(execPath);
    }

    /**
     * The program: a main class, {@code module/main.Class}, a {@code .jar} or a {@code .java} file;
     * with another {@link #execPath} its first argument, such as a Node script. Default: this
     * program.
     */
    public Optional<String> exec() {
        return Optional.ofNullable(exec);
    }

    /** The program's arguments. Default: this program's. */
    public Optional<List<String>> args() {
        return Optional.ofNullable(args);
    }

    /** The worker's working directory. Default: this process's. */
    public Optional<Path> cwd() {
        return Optional.ofNullable(cwd);
    }

    /**
     * Whether the worker's stdin, stdout and stderr are pipes to this process; else it has this
     * process's own. Default: false.
     */
    public Optional<Boolean> silent() {
        return Optional.ofNullable(silent);
    }

    /** The worker's descriptors, see {@link Builder#stdio}; in place of {@link #silent}. */
    public Optional<List<Object>> stdio() {
        return Optional.ofNullable(stdio);
    }

    /** The worker's user. Default: this process's. */
    public OptionalInt uid() {
        return uid == null ? OptionalInt.empty() : OptionalInt.of(uid);
    }

    /** The worker's group. Default: this process's. */
    public OptionalInt gid() {
        return gid == null ? OptionalInt.empty() : OptionalInt.of(gid);
    }

    /** Where the worker's debugger listens, see {@link Builder#inspectPort(int)}. */
    public Optional<IntSupplier> inspectPort() {
        return Optional.ofNullable(inspectPort);
    }

    /** Without effect: there are no windows to hide on Linux. */
    public Optional<Boolean> windowsHide() {
        return Optional.ofNullable(windowsHide);
    }

    // What Node has no word for.

    /** Whether the program is one that knows nothing of us, see {@link Builder#standalone}. */
    public Optional<Boolean> standalone() {
        return Optional.ofNullable(standalone);
    }

    /**
     * Whether each worker has a process group of its own, so that Ctrl-C at a terminal reaches this
     * process alone. Default: false.
     */
    public Optional<Boolean> ownProcessGroup() {
        return Optional.ofNullable(ownProcessGroup);
    }

    /** Which listens are not shared. Default: {@link PortRules#DEFAULT}. */
    public Optional<PortRules> ports() {
        return Optional.ofNullable(ports);
    }

    /**
     * How long a worker's shutdown hooks may take after it was disconnected or has lost its
     * primary. Default: 2 seconds.
     */
    public Optional<Duration> stopTimeout() {
        return Optional.ofNullable(stopTimeout);
    }

    /** These settings, with those that the other one has in place of ours. */
    public ClusterSettings with(ClusterSettings other) {
        Builder merged = builder();
        merged.execArgv = other.execArgv().or(this::execArgv).orElse(null);
        merged.execPath = other.execPath().or(this::execPath).orElse(null);
        merged.exec = other.exec().or(this::exec).orElse(null);
        merged.args = other.args().or(this::args).orElse(null);
        merged.cwd = other.cwd().or(this::cwd).orElse(null);
        merged.silent = other.silent().or(this::silent).orElse(null);
        merged.stdio = other.stdio().or(this::stdio).orElse(null);
        merged.uid = other.uid != null ? other.uid : uid;
        merged.gid = other.gid != null ? other.gid : gid;
        merged.inspectPort = other.inspectPort().or(this::inspectPort).orElse(null);
        merged.windowsHide = other.windowsHide().or(this::windowsHide).orElse(null);
        merged.standalone = other.standalone().or(this::standalone).orElse(null);
        merged.ownProcessGroup = other.ownProcessGroup().or(this::ownProcessGroup).orElse(null);
        merged.ports = other.ports().or(this::ports).orElse(null);
        merged.stopTimeout = other.stopTimeout().or(this::stopTimeout).orElse(null);
        return merged.build();
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof ClusterSettings settings && toString().equals(settings.toString());
    }

    @Override
    public int hashCode() {
        return toString().hashCode();
    }

    @Override
    public String toString() {
        StringJoiner text = new StringJoiner(", ", "{", "}");
        args().ifPresent(value -> text.add("args: " + value));
        exec().ifPresent(value -> text.add("exec: " + value));
        execArgv().ifPresent(value -> text.add("execArgv: " + value));
        silent().ifPresent(value -> text.add("silent: " + value));
        execPath().ifPresent(value -> text.add("execPath: " + value));
        cwd().ifPresent(value -> text.add("cwd: " + value));
        stdio().ifPresent(value -> text.add("stdio: " + value));
        uid().ifPresent(value -> text.add("uid: " + value));
        gid().ifPresent(value -> text.add("gid: " + value));
        inspectPort().ifPresent(value -> text.add("inspectPort: " + value));
        windowsHide().ifPresent(value -> text.add("windowsHide: " + value));
        standalone().ifPresent(value -> text.add("standalone: " + value));
        ownProcessGroup().ifPresent(value -> text.add("ownProcessGroup: " + value));
        ports().ifPresent(value -> text.add("ports: " + value));
        stopTimeout().ifPresent(value -> text.add("stopTimeout: " + value));
        return text.toString();
    }

    /** Collects settings; every method returns this. */
    public static final class Builder {
        private List<String> execArgv;
        private String execPath;
        private String exec;
        private List<String> args;
        private Path cwd;
        private Boolean silent;
        private List<Object> stdio;
        private Integer uid;
        private Integer gid;
        private IntSupplier inspectPort;
        private Boolean windowsHide;
        private Boolean standalone;
        private Boolean ownProcessGroup;
        private PortRules ports;
        private Duration stopTimeout;

        private Builder() {}

        public Builder execArgv(String... options) {
            this.execArgv = checked("execArgv", List.of(options));
            return this;
        }

        public Builder execArgv(List<String> options) {
            this.execArgv = checked("execArgv", List.copyOf(options));
            return this;
        }

        public Builder execPath(String executable) {
            this.execPath = checked("execPath", executable);
            return this;
        }

        public Builder exec(String program) {
            this.exec = checked("exec", program);
            return this;
        }

        public Builder args(String... arguments) {
            this.args = checked("args", List.of(arguments));
            return this;
        }

        public Builder args(List<String> arguments) {
            this.args = checked("args", List.copyOf(arguments));
            return this;
        }

        public Builder cwd(Path directory) {
            this.cwd = directory;
            return this;
        }

        public Builder silent(boolean piped) {
            this.silent = piped;
            return this;
        }

        /** As {@link #stdio(List)}. */
        public Builder stdio(Object... descriptors) {
            return stdio(Arrays.asList(descriptors));
        }

        /**
         * What the worker's descriptors are, from 0 on; those of 0, 1 and 2 that are not named are
         * pipes.
         *
         * @param descriptors {@code "pipe"}, {@code "ignore"} (/dev/null), {@code "inherit"} (this
         *     process's descriptor of the same number), the number of a descriptor of this process,
         *     and exactly once {@code "ipc"}
         * @throws IllegalArgumentException for anything else
         */
        public Builder stdio(List<?> descriptors) {
            long channels = descriptors.stream().filter("ipc"::equals).count();
            if (channels != 1) {
                throw new IllegalArgumentException(
                        "stdio=" + descriptors + ": it must contain \"ipc\" exactly once");
            }
            for (Object descriptor : descriptors) {
                if (!(descriptor instanceof String word && STDIO_WORDS.contains(word))
                        && !(descriptor instanceof Integer number && number >= 0)) {
                    throw new IllegalArgumentException(
                            "stdio="
                                    + descriptors
                                    + ": "
                                    + descriptor
                                    + " is none of pipe, inherit, ignore, ipc or the number of a"
                                    + " descriptor");
                }
            }
            this.stdio = List.copyOf(descriptors);
            return this;
        }

        /** Such as 65534; the worker has no supplementary groups then. */
        public Builder uid(int user) {
            this.uid = within("uid", user, Integer.MAX_VALUE);
            return this;
        }

        /** Such as 65534; the worker has no supplementary groups then. */
        public Builder gid(int group) {
            this.gid = within("gid", group, Integer.MAX_VALUE);
            return this;
        }

        /**
         * Where the worker's debugger listens, if its {@link ClusterSettings#execArgv} have a
         * debugger that does ({@code -agentlib:jdwp=…,server=y}). Default: the port that is there,
         * plus 1, 2, … for each worker.
         *
         * @throws IllegalArgumentException when it is no port
         */
        public Builder inspectPort(int port) {
            this.inspectPort = new FixedPort(within("inspectPort", port, 65535));
            return this;
        }

        /** As {@link #inspectPort(int)}, asked at each fork. */
        public Builder inspectPort(IntSupplier port) {
            this.inspectPort = port;
            return this;
        }

        /** Accepted as in Node; without effect on Linux. */
        public Builder windowsHide(boolean hide) {
            this.windowsHide = hide;
            return this;
        }

        /**
         * Whether the program is started as {@code java} alone would start it: with its own class
         * path, its own main class at the bottom of the stack, and its own end. Nothing of this
         * program is on its class path. Its JVM's options, {@code -cp} and {@code -p} included, are
         * {@link #execArgv}; its servers share their ports all the same.
         *
         * <p>Differs from other workers: such a JVM ends when the program's threads end, and once
         * disconnected it gets SIGTERM. Needs prefork.jar, which is its {@code -javaagent}: the jar
         * that this class is in, or the one that the system property {@code dev.prefork.agent}
         * names.
         */
        public Builder standalone(boolean unmodified) {
            this.standalone = unmodified;
            return this;
        }

        /** As {@link ClusterSettings#ownProcessGroup}. */
        public Builder ownProcessGroup(boolean own) {
            this.ownProcessGroup = own;
            return this;
        }

        /**
         * Which listens of the workers are not shared; the default rules follow.
         *
         * @param rules see {@link PortRules}
         * @throws IllegalArgumentException when they cannot be read
         */
        public Builder ports(String rules) {
            this.ports = PortRules.parse(rules);
            return this;
        }

        /** As {@link ClusterSettings#stopTimeout}; at least a millisecond. */
        public Builder stopTimeout(Duration hooksMayTake) {
            if (hooksMayTake.toMillis() < 1) {
                throw new IllegalArgumentException("stopTimeout=" + hooksMayTake);
            }
            this.stopTimeout = hooksMayTake;
            return this;
        }

        public ClusterSettings build() {
            return new ClusterSettings(this);
        }

        private static int within(String name, int value, int max) {
            if (value < 0 || value > max) {
                throw new IllegalArgumentException(
                        name + "=" + value + ": it must be from 0 to " + max);
            }
            return value;
        }

        private static List<String> checked(String name, List<String> values) {
            values.forEach(value -> checked(name, value));
            return values;
        }

        private static String checked(String name, String value) {
            if (value.indexOf('\0') >= 0) {
                throw new IllegalArgumentException(
                        name + " contains NUL: " + value.replace("\0", "\\0"));
            }
            return value;
        }
    }
}
