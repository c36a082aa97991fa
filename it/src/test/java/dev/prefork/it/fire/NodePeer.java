package dev.prefork.it.fire;

import dev.prefork.it.support.Command;
import dev.prefork.it.support.Ports;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/** Node's cluster module, with a small primary that replaces what ends. */
final class NodePeer implements Peer {
    @Override
    public String name() {
        return "node";
    }

    @Override
    public Installed install() {
        try {
            return Install.version("node", "--version");
        } catch (IOException e) {
            return new Installed(false, "not tried: no node on the PATH");
        }
    }

    @Override
    public Set<Can> can() {
        return EnumSet.of(Can.RELOAD, Can.NEW_VERSION, Can.SLOW_REQUEST);
    }

    @Override
    public Fleet start(Stage stage, List<String> before, List<String> options) throws IOException {
        int port = Ports.row(1);
        Path primary =
                Files.writeString(
                        stage.folder().resolve("primary.js"),
                        NodePrograms.primary(stage.workers()));
        OtherFleet.Source worker =
                new OtherFleet.Source(
                        stage.folder().resolve("worker.js"),
                        version -> NodePrograms.worker(version, port));
        worker.write(Version.FIRST);
        List<String> words =
                Stream.concat(before.stream(), Stream.of("node", primary.toString())).toList();
        return new OtherFleet(
                stage.run(new Command(words, Map.of())),
                port,
                stage.workers(),
                child -> true,
                new OtherFleet.Signs("HUP", "TERM"),
                worker);
    }
}
