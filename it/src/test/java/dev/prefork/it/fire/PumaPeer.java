package dev.prefork.it.fire;

import dev.prefork.it.support.Command;
import dev.prefork.it.support.Ports;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Puma in its cluster mode, reloaded by phases. */
final class PumaPeer implements Peer {
    @Override
    public String name() {
        return "puma";
    }

    @Override
    public Installed install() {
        return Install.debian("puma", "puma", "--version");
    }

    @Override
    public Set<Can> can() {
        return EnumSet.of(Can.RELOAD, Can.NEW_VERSION, Can.SLOW_REQUEST);
    }

    private static String program(Version version) {
        return """
        exit!(3) if '%s' == 'EXITS'
        Thread.new { sleep 1.5; exit!(4) } if '%1$s' == 'DIES'
        run lambda { |env|
          sleep 1 if env['PATH_INFO'].start_with?('/slow')
          body = "#{env['PATH_INFO']} #{Process.pid} %s"
          [200, { 'Content-Length' => body.bytesize.to_s }, [body]]
        }
        """
                .formatted(version.fault(), version.name());
    }

    @Override
    public Fleet start(Stage stage, List<String> before, List<String> options) throws IOException {
        int port = Ports.row(1);
        OtherFleet.Source source =
                new OtherFleet.Source(stage.folder().resolve("config.ru"), PumaPeer::program);
        source.write(Version.FIRST);
        Path settings =
                Files.writeString(
                        stage.folder().resolve("puma.rb"),
                        """
                        directory '%s'
                        rackup '%s'
                        environment 'production'
                        workers %d
                        threads 16, 16
                        bind 'tcp://127.0.0.1:%d?backlog=4096'
                        persistent_timeout 600
                        quiet
                        """
                                .formatted(stage.folder(), source.file(), stage.workers(), port));
        List<String> words = new ArrayList<>(before);
        words.addAll(List.of("puma", "-C", settings.toString()));
        return new OtherFleet(
                stage.run(new Command(words, Map.of())),
                port,
                stage.workers(),
                child -> true,
                new OtherFleet.Signs("USR1", "TERM"),
                source);
    }
}
