package dev.prefork.it.servers;

import dev.prefork.it.support.Command;

import java.io.BufferedReader;
import java.io.IOException;
import java.net.ServerSocket;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** gRPC on a port, through the client of servers/grpc in a process of its own. */
final class GrpcTarget implements Connection.Target {
    private static final long DEADLINE_SECONDS = 60;

    private final int port;
    private final Process client;
    private final AtomicInteger lastNumber = new AtomicInteger();
    private final Map<String, BlockingQueue<String>> answers = new ConcurrentHashMap<>();

    GrpcTarget(int port) throws IOException {
        this.port = port;
        client =
                new ProcessBuilder(
                                Command.javaExecutable(),
                                "-XX:TieredStopAtLevel=1",
                                "-XX:+UseSerialGC",
                                "-cp",
                                ServerProgram.jar("grpc").toString(),
                                "dev.prefork.servers.grpc.GrpcClient",
                                "" + port)
                        .redirectError(ProcessBuilder.Redirect.DISCARD)
                        .start();
        Thread.ofPlatform().name("answers of gRPC").daemon().start(this::readAnswers);
    }

    private void readAnswers() {
        try (BufferedReader lines = client.inputReader()) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                int space = line.indexOf(' ');
                BlockingQueue<String> request = answers.get(line.substring(0, space));
                if (request != null) {
                    request.add(line.substring(space + 1));
                }
            }
        } catch (IOException closed) {
            // Whoever waits for an answer runs into its deadline.
        }
    }

    private synchronized void tell(String line) throws IOException {
        client.outputWriter().write(line + "\n");
        client.outputWriter().flush();
    }

    @Override
    public Connection connect() throws IOException {
        String number = "" + lastNumber.incrementAndGet();
        tell("open " + number);
        return new Channel(number);
    }

    @Override
    public String argument() {
        return "" + port;
    }

    @Override
    public void assertFree() throws IOException {
        new ServerSocket(port).close();
    }

    @Override
    public void close() {
        client.destroyForcibly().onExit().join();
    }

    private final class Channel implements Connection {
        private final String number;
        private String local = "";

        Channel(String number) {
            this.number = number;
        }

        /** Known once there was an answer. */
        @Override
        public String local() {
            return local;
        }

        @Override
        public String get() throws IOException {
            return request("get " + number + " %s").getFirst();
        }

        @Override
        public List<String> stream(int lines) throws IOException {
            return request("stream " + number + " %s " + lines);
        }

        private List<String> request(String text) throws IOException {
            String request = "" + lastNumber.incrementAndGet();
            BlockingQueue<String> lines = new LinkedBlockingQueue<>();
            answers.put(request, lines);
            tell(text.formatted(request));
            List<String> read = new ArrayList<>();
            try {
                while (true) {
                    String line = lines.poll(DEADLINE_SECONDS, TimeUnit.SECONDS);
                    if (line == null) {
                        throw new IOException("no answer of gRPC; so far: " + read);
                    }
                    String[] words = line.split(" ", 2);
                    switch (words[0]) {
                        case "line" -> read.add(words[1]);
                        case "end" -> {
                            local = words[1];
                            return read;
                        }
                        default -> throw new IOException(line);
                    }
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IOException("interrupted", e);
            } finally {
                answers.remove(request);
            }
        }

        @Override
        public void close() throws IOException {
            tell("close " + number);
        }
    }
}
