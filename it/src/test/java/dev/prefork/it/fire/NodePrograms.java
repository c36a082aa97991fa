package dev.prefork.it.fire;

/** The program under fire for Node, and a primary that does what Node's document shows. */
final class NodePrograms {
    private NodePrograms() {}

    /** A worker. */
    static String worker(Version version, int port) {
        return """
        const http = require('http');
        const fault = '%s';
        if (fault === 'EXITS') process.exit(3);
        if (fault === 'SILENT') {
            setInterval(() => {}, 1000);
        } else {
            const server = http.createServer((request, response) => {
                const body = `${request.url} ${process.pid} %s`;
                const answer = () => response.end(body);
                response.setHeader('Content-Length', body.length);
                if (request.url.startsWith('/slow')) setTimeout(answer, 1000); else answer();
            });
            server.keepAliveTimeout = 600000;
            server.listen(%d, '127.0.0.1');
            if (fault === 'DIES') setTimeout(() => process.exit(4), 1500);
            const end = () => {
                server.close(() => process.exit(0));
                server.closeIdleConnections();
            };
            process.on('SIGINT', end);
            process.on('disconnect', end);
        }
        """
                .formatted(version.fault(), version.name(), port);
    }

    /** Starts another for each that ends; HUP replaces them one by one. */
    static String primary(int workers) {
        return """
        const cluster = require('cluster');
        cluster.setupPrimary({ exec: __dirname + '/worker.js' });
        let ending = false;
        for (let i = 0; i < %d; i++) cluster.fork();
        cluster.on('exit', (worker) => {
            if (!ending && !worker.exitedAfterDisconnect) cluster.fork();
        });
        process.on('SIGHUP', () => {
            const old = Object.values(cluster.workers);
            const next = () => {
                const worker = old.shift();
                if (!worker) return;
                cluster.fork().once('listening', () => {
                    if (worker.isDead()) return next();
                    worker.once('exit', next);
                    worker.disconnect();
                });
            };
            next();
        });
        process.on('SIGTERM', () => {
            ending = true;
            cluster.disconnect(() => process.exit(0));
        });
        """
                .formatted(workers);
    }
}
