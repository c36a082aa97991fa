package dev.prefork.it.fire;

import dev.prefork.it.support.Command;
import dev.prefork.it.support.Ports;
import dev.prefork.it.support.Program;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** PM2 in its cluster mode, in the foreground. */
final class Pm2Peer implements Peer {
    private static final String VERSION = "7.0.4";
    private static final Path FOLDER =
            Path.of(System.getProperty("basedir", ""), "target", "pm2").toAbsolutePath();

    @Override
    public String name() {
        return "pm2";
    }

    @Override
    public Installed install() {
        return Install.npm(FOLDER, "pm2", VERSION);
    }

    @Override
    public Set<Can> can() {
        return EnumSet.of(Can.RELOAD, Can.NEW_VERSION, Can.SLOW_REQUEST);
    }

    private static List<String> pm2(String... words) {
        List<String> all = new ArrayList<>(List.of("node", FOLDER + "/node_modules/pm2/bin/pm2"));
        all.addAll(List.of(words));
        return all;
    }

    @Override
    public Fleet start(Stage stage, List<String> before, List<String> options) throws IOException {
        int port = Ports.row(1);
        OtherFleet.Source worker =
                new OtherFleet.Source(
                        stage.folder().resolve("worker.js"),
                        version -> NodePrograms.worker(version, port));
        worker.write(Version.FIRST);
        Map<String, String> home = Map.of("PM2_HOME", stage.folder().resolve("pm2").toString());
        List<String> words = new ArrayList<>(before);
        words.addAll(
                pm2("start", worker.file().toString(), "--no-daemon", "-i", "" + stage.workers()));
        return new Daemon(stage, stage.run(new Command(words, home)), port, worker, home);
    }

    /** It is asked by its own command. */
    private static final class Daemon extends OtherFleet {
        private final Stage stage;
        private final Map<String, String> home;

        Daemon(Stage stage, Program program, int port, Source source, Map<String, String> home) {
            super(program, port, stage.workers(), child -> true, new Signs("", "TERM"), source);
            this.stage = stage;
            this.home = home;
        }

        @Override
        void reload() {
            stage.run(new Command(pm2("reload", "all"), home));
        }
    }
}
