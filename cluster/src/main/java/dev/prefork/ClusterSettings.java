package dev.prefork;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.IntSupplier;

/**
 * What {@link Cluster#fork} starts; Node: {@code cluster.settings}. Each setting may be absent:
 * given to {@link Cluster#setupPrimary} an absent one keeps its present value, given to {@link
 * Cluster#resetPrimary} it goes back to its default. Made by a {@link #builder}.
 *
 * <p>A byte of this program's own command line that is no character here, such as 0xE9 of an
 * argument in ISO-8859-1, is the character U+DC00 plus the byte in {@code args}, {@code exec} and
 * {@code execArgv}, and that byte again in the worker's command line. Other text is encoded as
 * ProcessBuilder does.
 *
 * @param args the program's arguments. Default: this program's
 * @param exec the program: a main class, {@code module/main.Class}, {@code module/} whose main
 *     class the module names, a {@code .jar} or a {@code .java} file; with another {@code execPath}
 *     its first argument, such as a Node script; empty: {@code execPath} alone is the program.
 *     Default: this program
 * @param execArgv options of the worker's JVM; class path and module path are not among them and
 *     always stay. Default: this JVM's
 * @param silent whether the worker's stdin, stdout and stderr are pipes to this process; else it
 *     has this process's own. Default: false
 * @param execPath the executable, a path or a name on PATH. Default: the java that runs this JVM
 * @param cwd the worker's working directory. Default: this process's
 * @param stdio the worker's descriptors, see {@link Builder#stdio}; in place of {@code silent}
 * @param uid the worker's user. Default: this process's
 * @param gid the worker's group. Default: this process's
 * @param inspectPort where the worker's debugger listens, see {@link Builder#inspectPort(int)}
 * @param windowsHide without effect: there are no windows to hide on Linux
 * @param standalone whether the program is one that knows nothing of us, see {@link
 *     Builder#standalone}; this and what follows Node has no word for
 * @param wrapped whether what is started only starts the program that serves, see {@link
 *     Builder#wrapped}. Default: false
 * @param ownProcessGroup whether each worker has a process group of its own, so that Ctrl-C at a
 *     terminal reaches this process alone. Default: false
 * @param ports which listens are not shared. Default: {@link PortRules#DEFAULT}
 * @param stopTimeout how long a worker's shutdown hooks may take after it was disconnected or has
 *     lost its primary. Default: 2 seconds
 * @param idleGrace how long connections of a standalone worker that leaves may be silent before
 *     they are closed. Default: for ever
 * @param spares how many JVMs of a standalone program wait to be its next workers, see {@link
 *     Builder#spares}. Default: 0
 */
public record ClusterSettings(
        Optional<List<String>> args,
        Optional<String> exec,
        Optional<List<String>> execArgv,
        Optional<Boolean> silent,
        Optional<String> execPath,
        Optional<Path> cwd,
        Optional<List<Object>> stdio,
        OptionalInt uid,
        OptionalInt gid,
        Optional<IntSupplier> inspectPort,
        Optional<Boolean> windowsHide,
        Optional<Boolean> standalone,
        Optional<Boolean> wrapped,
        Optional<Boolean> ownProcessGroup,
        Optional<PortRules> ports,
        Optional<Duration> stopTimeout,
        Optional<Duration> idleGrace,
        OptionalInt spares,
        Optional<ClassDataSource> classData) {

    /** Of {@link Builder#spares}. */
    public static final int MOST_SPARES = 64;

    private static final ClusterSettings EMPTY = builder().build();

    /**
     * Checks them.
     *
     * @throws IllegalArgumentException that names the setting and its value
     * @throws NullPointerException that names the setting
     */
    public ClusterSettings {
        args = args.map(words -> SettingsChecks.noNul("args", words));
        exec = exec.map(word -> SettingsChecks.noNul("exec", word));
        execArgv = execArgv.map(words -> SettingsChecks.noNul("execArgv", words));
        execPath = execPath.map(word -> SettingsChecks.noNul("execPath", word));
        stdio = stdio.map(SettingsChecks::stdio);
        uid.ifPresent(user -> SettingsChecks.within("uid", user, Integer.MAX_VALUE));
        gid.ifPresent(group -> SettingsChecks.within("gid", group, Integer.MAX_VALUE));
        stopTimeout.ifPresent(SettingsChecks::stopTimeout);
        spares.ifPresent(count -> SettingsChecks.within("spares", count, MOST_SPARES));
        SettingsChecks.given("silent", silent);
        SettingsChecks.given("cwd", cwd);
        SettingsChecks.given("inspectPort", inspectPort);
        SettingsChecks.given("windowsHide", windowsHide);
        SettingsChecks.given("standalone", standalone);
        SettingsChecks.given("wrapped", wrapped);
        SettingsChecks.given("ownProcessGroup", ownProcessGroup);
        SettingsChecks.given("ports", ports);
        SettingsChecks.given("idleGrace", idleGrace);
        SettingsChecks.given("classData", classData);
    }

    /** No setting at all. */
    public static ClusterSettings empty() {
        return EMPTY;
    }

    /** For settings of one's own. */
    public static Builder builder() {
        return new Builder();
    }

    /** These settings, with those that the other one has in place of ours. */
    public ClusterSettings with(ClusterSettings other) {
        return new ClusterSettings(
                other.args.or(this::args),
                other.exec.or(this::exec),
                other.execArgv.or(this::execArgv),
                other.silent.or(this::silent),
                other.execPath.or(this::execPath),
                other.cwd.or(this::cwd),
                other.stdio.or(this::stdio),
                other.uid.isPresent() ? other.uid : uid,
                other.gid.isPresent() ? other.gid : gid,
                other.inspectPort.or(this::inspectPort),
                other.windowsHide.or(this::windowsHide),
                other.standalone.or(this::standalone),
                other.wrapped.or(this::wrapped),
                other.ownProcessGroup.or(this::ownProcessGroup),
                other.ports.or(this::ports),
                other.stopTimeout.or(this::stopTimeout),
                other.idleGrace.or(this::idleGrace),
                other.spares.isPresent() ? other.spares : spares,
                other.classData.or(this::classData));
    }

    /** Those that are present, Node's four first. */
    @Override
    public String toString() {
        return SettingsText.of(this);
    }

    /** Collects settings; every method returns this, and refuses null. */
    public static final class Builder {
        private Optional<List<String>> args = Optional.empty();
        private Optional<String> exec = Optional.empty();
        private Optional<List<String>> execArgv = Optional.empty();
        private Optional<Boolean> silent = Optional.empty();
        private Optional<String> execPath = Optional.empty();
        private Optional<Path> cwd = Optional.empty();
        private Optional<List<Object>> stdio = Optional.empty();
        private OptionalInt uid = OptionalInt.empty();
        private OptionalInt gid = OptionalInt.empty();
        private Optional<IntSupplier> inspectPort = Optional.empty();
        private Optional<Boolean> windowsHide = Optional.empty();
        private Optional<Boolean> standalone = Optional.empty();
        private Optional<Boolean> wrapped = Optional.empty();
        private Optional<Boolean> ownProcessGroup = Optional.empty();
        private Optional<PortRules> ports = Optional.empty();
        private Optional<Duration> stopTimeout = Optional.empty();
        private Optional<Duration> idleGrace = Optional.empty();
        private OptionalInt spares = OptionalInt.empty();
        private Optional<ClassDataSource> classData = Optional.empty();

        private Builder() {}

        public Builder execArgv(String... options) {
            return execArgv(Arrays.asList(SettingsChecks.given("execArgv", options)));
        }

        public Builder execArgv(List<String> options) {
            execArgv = Optional.of(SettingsChecks.noNul("execArgv", options));
            return this;
        }

        public Builder execPath(String executable) {
            execPath = Optional.of(SettingsChecks.noNul("execPath", executable));
            return this;
        }

        public Builder exec(String program) {
            exec = Optional.of(SettingsChecks.noNul("exec", program));
            return this;
        }

        public Builder args(String... arguments) {
            return args(Arrays.asList(SettingsChecks.given("args", arguments)));
        }

        public Builder args(List<String> arguments) {
            args = Optional.of(SettingsChecks.noNul("args", arguments));
            return this;
        }

        public Builder cwd(Path directory) {
            cwd = Optional.of(SettingsChecks.given("cwd", directory));
            return this;
        }

        public Builder silent(boolean piped) {
            silent = Optional.of(piped);
            return this;
        }

        public Builder stdio(Object... descriptors) {
            return stdio(Arrays.asList(SettingsChecks.given("stdio", descriptors)));
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
            stdio = Optional.of(SettingsChecks.stdio(descriptors));
            return this;
        }

        /** Such as 65534; the worker has no supplementary groups then. Give it a gid as well. */
        public Builder uid(int user) {
            uid = OptionalInt.of(SettingsChecks.within("uid", user, Integer.MAX_VALUE));
            return this;
        }

        /** Such as 65534; the worker has no supplementary groups then. */
        public Builder gid(int group) {
            gid = OptionalInt.of(SettingsChecks.within("gid", group, Integer.MAX_VALUE));
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
            return inspectPort(new FixedPort(SettingsChecks.within("inspectPort", port, 65535)));
        }

        /** As {@link #inspectPort(int)}, asked at each fork. */
        public Builder inspectPort(IntSupplier port) {
            inspectPort = Optional.of(SettingsChecks.given("inspectPort", port));
            return this;
        }

        public Builder windowsHide(boolean hide) {
            windowsHide = Optional.of(hide);
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
         * names. It is read at the first such fork and may change or vanish after that.
         */
        public Builder standalone(boolean unmodified) {
            standalone = Optional.of(unmodified);
            return this;
        }

        /**
         * Whether the executable may be a wrapper, such as a script or {@code npm start}: of the
         * processes below it the one that listens first is the worker. This may be any Node or JVM
         * (25 or later) that was started without losing the variables JDK_JAVA_OPTIONS,
         * NODE_OPTIONS and PREFORK_JOIN and descriptors 48 and 49. It is online when it listens.
         *
         * <p>Needs prefork.jar, as {@link #standalone} does, and a folder for temporary files.
         */
        public Builder wrapped(boolean maybe) {
            wrapped = Optional.of(maybe);
            return this;
        }

        public Builder ownProcessGroup(boolean own) {
            ownProcessGroup = Optional.of(own);
            return this;
        }

        /**
         * Which listens of the workers are not shared; the default rules follow.
         *
         * @param rules see {@link PortRules}
         * @throws IllegalArgumentException when they cannot be read
         */
        public Builder ports(String rules) {
            ports = Optional.of(PortRules.parse(SettingsChecks.given("ports", rules)));
            return this;
        }

        /** As {@link ClusterSettings#idleGrace}. */
        public Builder idleGrace(Duration silence) {
            idleGrace = Optional.of(SettingsChecks.given("idleGrace", silence));
            return this;
        }

        /** As {@link ClusterSettings#stopTimeout}; at least a millisecond. */
        public Builder stopTimeout(Duration hooksMayTake) {
            stopTimeout = Optional.of(SettingsChecks.stopTimeout(hooksMayTake));
            return this;
        }

        /**
         * How many JVMs wait, booted up to the program's main, for the next fork into a {@link
         * Slot}: a worker's successor begins with its main at once. Each has the memory of a JVM
         * that does nothing. They are started a second after the last fork, and anew after each
         * {@link Cluster#setupPrimary}; a fork with other variables than the one before takes none.
         *
         * <p>Only for {@link #standalone} programs whose debugger, if any, has no port of the slot.
         *
         * @throws IllegalArgumentException when it is not from 0 to 64
         */
        public Builder spares(int count) {
            spares = OptionalInt.of(SettingsChecks.within("spares", count, MOST_SPARES));
            return this;
        }

        /** Where {@link #standalone} workers of this user may have class data from. */
        public Builder classData(ClassDataSource source) {
            classData = Optional.of(SettingsChecks.given("classData", source));
            return this;
        }

        public ClusterSettings build() {
            return new ClusterSettings(
                    args,
                    exec,
                    execArgv,
                    silent,
                    execPath,
                    cwd,
                    stdio,
                    uid,
                    gid,
                    inspectPort,
                    windowsHide,
                    standalone,
                    wrapped,
                    ownProcessGroup,
                    ports,
                    stopTimeout,
                    idleGrace,
                    spares,
                    classData);
        }
    }
}
