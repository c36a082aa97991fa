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

/** nginx, which answers by itself: its master and its workers. */
final class NginxPeer implements Peer {
    @Override
    public String name() {
        return "nginx";
    }

    @Override
    public Installed install() {
        return Install.debian("nginx", "nginx", "-v");
    }

    @Override
    public Set<Can> can() {
        return EnumSet.of(Can.RELOAD);
    }

    @Override
    public Fleet start(Stage stage, List<String> before, List<String> options) throws IOException {
        int port = Ports.row(1);
        Path file =
                Files.writeString(
                        stage.folder().resolve("nginx.conf"),
                        """
                        daemon off;
                        worker_processes %d;
                        pid %s/nginx.pid;
                        error_log stderr crit;
                        events { worker_connections 8192; }
                        http {
                            access_log off;
                            keepalive_requests 1000000;
                            client_body_temp_path %2$s/body;
                            proxy_temp_path %2$s/proxy;
                            fastcgi_temp_path %2$s/fastcgi;
                            uwsgi_temp_path %2$s/uwsgi;
                            scgi_temp_path %2$s/scgi;
                            server {
                                listen 127.0.0.1:%d backlog=4096;
                                location / { return 200 "$uri $pid first"; }
                            }
                        }
                        """
                                .formatted(stage.workers(), stage.folder(), port));
        List<String> words =
                Stream.concat(
                                before.stream(),
                                Stream.of("nginx", "-c", file.toString(), "-e", "stderr"))
                        .toList();
        return new OtherFleet(
                stage.run(new Command(words, Map.of())),
                port,
                stage.workers(),
                child -> true,
                new OtherFleet.Signs("HUP", "QUIT"),
                new OtherFleet.Source(file, Version::name));
    }
}
