package dev.prefork.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** The {@code nginx} on the PATH, with a listening socket for each of two workers. */
record NginxSide() implements Side {
    private static final String CONFIGURATION =
            """
            daemon off;
            worker_processes 2;
            pid nginx.pid;
            error_log stderr error;
            events { worker_connections 1024; }
            http {
                access_log off;
                server_tokens off;
                keepalive_timeout 0;
                server {
                    listen 127.0.0.1:PORT reuseport backlog=511;
                    location / { return 200 "ok"; }
                }
            }
            """;

    /** Says of each worker that it listens, as the other sides do; ends it as it is ended. */
    private static final String SCRIPT =
            """
            nginx -p "$0" -c "$0/nginx.conf" &
            trap 'kill $!; wait $!; rm -rf "$0"' TERM
            until (exec 3<>"/dev/tcp/127.0.0.1/$1") 2>/dev/null; do
                kill -0 $! || { rm -rf "$0"; exit 1; }
                sleep 0.05
            done
            echo listening
            echo listening
            wait $!
            """;

    @Override
    public String name() {
        return "nginx";
    }

    @Override
    public List<String> command(String program, List<String> arguments) throws IOException {
        String port = arguments.getFirst();
        Path folder = Files.createTempDirectory("prefork-bench-nginx-");
        Files.writeString(folder.resolve("nginx.conf"), CONFIGURATION.replace("PORT", port));
        return List.of("bash", "-c", SCRIPT, folder.toString(), port);
    }
}
