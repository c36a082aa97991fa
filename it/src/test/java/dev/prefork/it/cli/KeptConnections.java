package dev.prefork.it.cli;

import dev.prefork.it.support.Client;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;

/** Connections of as many clients, all opened before the first asks anything, and kept. */
final class KeptConnections implements AutoCloseable {
    private final Running server;
    private final List<Client> clients = new ArrayList<>();
    private final List<Integer> servers = new ArrayList<>();

    private KeptConnections(Running server) {
        this.server = server;
    }

    static KeptConnections open(Running server, int count) throws IOException {
        KeptConnections opened = new KeptConnections(server);
        for (int i = 0; i < count; i++) {
            opened.clients.add(Client.connect(server.port()));
        }
        for (Client client : opened.clients) {
            opened.servers.add(ask(client));
        }
        return opened;
    }

    private static int ask(Client client) throws IOException {
        client.send("GET / HTTP/1.1\r\nHost: localhost\r\n\r\n");
        int length = 0;
        for (String line = client.readLine(); !line.equals("\r"); line = client.readLine()) {
            if (line.isEmpty()) {
                throw new IOException("no answer");
            }
            String name = "content-length:";
            if (line.toLowerCase(Locale.ROOT).startsWith(name)) {
                length = Integer.parseInt(line.substring(name.length()).strip());
            }
        }
        return Integer.parseInt(client.readSome(length));
    }

    /** The pids that have the connections, one for each. */
    List<Integer> servers() {
        return servers;
    }

    /** How many more the one has that has most than the one that has fewest. */
    int difference() {
        List<Integer> counts =
                server.pids().stream().map(pid -> Collections.frequency(servers, pid)).toList();
        return Collections.max(counts) - Collections.min(counts);
    }

    /** The pids that answer now; of connections that are closed none. */
    List<Integer> askAgain() {
        List<Integer> answers = new ArrayList<>();
        for (Client client : clients) {
            try {
                answers.add(ask(client));
            } catch (IOException closed) {
                // Its worker has ended.
            }
        }
        return answers;
    }

    @Override
    public void close() throws IOException {
        for (Client client : clients) {
            client.close();
        }
    }
}
