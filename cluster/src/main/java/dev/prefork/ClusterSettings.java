package dev.prefork;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.StringJoiner;

/**
 * What {@link Cluster#fork} starts. Each setting may be absent: given to {@link
 * Cluster#setupPrimary} an absent one keeps its present value.
 */
public final class ClusterSettings {
    private static final ClusterSettings EMPTY = new ClusterSettings(new Builder());

    private final List<String> execArgv;
    private final String execPath;
    private final String exec;
    private final List<String> args;
    private final Path cwd;

    private ClusterSettings(Builder builder) {
        this.execArgv = builder.execArgv;
        this.execPath = builder.execPath;
        this.exec = builder.exec;
        this.args = builder.args;
        this.cwd = builder.cwd;
    }

    public static ClusterSettings empty() {
        return EMPTY;
    }

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

    /** These settings, with those that the other one has in place of ours. */
    public ClusterSettings with(ClusterSettings other) {
        Builder merged = builder();
        merged.execArgv = other.execArgv().or(this::execArgv).orElse(null);
        merged.execPath = other.execPath().or(this::execPath).orElse(null);
        merged.exec = other.exec().or(this::exec).orElse(null);
        merged.args = other.args().or(this::args).orElse(null);
        merged.cwd = other.cwd().or(this::cwd).orElse(null);
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
        execPath().ifPresent(value -> text.add("execPath: " + value));
        cwd().ifPresent(value -> text.add("cwd: " + value));
        return text.toString();
    }

    /** Collects settings; every method returns this. */
    public static final class Builder {
        private List<String> execArgv;
        private String execPath;
        private String exec;
        private List<String> args;
        private Path cwd;

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

        public ClusterSettings build() {
            return new ClusterSettings(this);
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
