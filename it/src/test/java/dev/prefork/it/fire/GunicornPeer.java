package dev.prefork.it.fire;

import dev.prefork.it.support.Command;
import dev.prefork.it.support.Ports;

import java.io.IOException;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** gunicorn, with threads, so that connections are kept. */
final class GunicornPeer implements Peer {
    @Override
    public String name() {
        return "gunicorn";
    }

    @Override
    public Installed install() {
        return Install.debian("gunicorn", "gunicorn", "--version");
    }

    @Override
    public Set<Can> can() {
        return EnumSet.of(Can.RELOAD, Can.NEW_VERSION, Can.SLOW_REQUEST);
    }

    /** The exit codes 3 and 4 would mean to gunicorn itself that it cannot go on. */
    private static String program(Version version) {
        return """
        import os, threading, time
        if '%s' == 'EXITS':
            os._exit(7)
        if '%1$s' == 'DIES':
            threading.Timer(1.5, lambda: os._exit(7)).start()
        def app(environ, start_response):
            path = environ['PATH_INFO']
            if path.startswith('/slow'):
                time.sleep(1)
            body = ('%%s %%d %s' %% (path, os.getpid())).encode()
            start_response('200 OK', [('Content-Length', str(len(body)))])
            return [body]
        """
                .formatted(version.fault(), version.name());
    }

    @Override
    public Fleet start(Stage stage, List<String> before, List<String> options) throws IOException {
        int port = Ports.row(1);
        OtherFleet.Source source =
                new OtherFleet.Source(stage.folder().resolve("program.py"), GunicornPeer::program);
        source.write(Version.FIRST);
        List<String> words = new ArrayList<>(before);
        words.addAll(
                List.of(
                        "gunicorn",
                        "--chdir",
                        stage.folder().toString(),
                        "--workers",
                        "" + stage.workers(),
                        "--worker-class",
                        "gthread",
                        "--threads",
                        "16",
                        "--keep-alive",
                        "600",
                        "--bind",
                        "127.0.0.1:" + port,
                        "--log-level",
                        "critical",
                        "program:app"));
        return new OtherFleet(
                stage.run(new Command(words, Map.of("PYTHONDONTWRITEBYTECODE", "1"))),
                port,
                stage.workers(),
                child -> true,
                new OtherFleet.Signs("HUP", "TERM"),
                source);
    }
}
