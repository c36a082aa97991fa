package dev.prefork.it.run;

import static org.assertj.core.api.Assertions.assertThat;

import dev.prefork.it.support.Client;
import dev.prefork.it.support.Command;
import dev.prefork.it.support.Ports;
import dev.prefork.it.support.Program;
import dev.prefork.it.support.Programs;
import dev.prefork.it.support.Rule;
import dev.prefork.it.support.Sampled;
import dev.prefork.it.support.Signals;
import dev.prefork.it.support.Sources;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/** Ports that agents open, before the program's main or after, wherever the JVM hears of them. */
@Rule("F3")
class AgentPortsIT {
    /** Says its pid on the ports of its argument, each opened in its way, such as socket:9000. */
    private static final String AGENT =
            """
            import com.sun.net.httpserver.HttpServer;
            import java.net.*;
            import java.nio.ByteBuffer;
            import java.nio.channels.*;

            public class Agent {
                static final byte[] PID = String.valueOf(ProcessHandle.current().pid()).getBytes();

                interface Task {
                    void run() throws Exception;
                }

                public static void premain(String ports) throws Exception {
                    System.out.println("agent in " + System.getProperty("sun.java.command"));
                    for (String port : ports.split("\\\\+")) {
                        int number = Integer.parseInt(port.split(":")[1]);
                        switch (port.split(":")[0]) {
                            case "http" -> http(number);
                            case "socket" -> socket(new ServerSocket(number));
                            case "selector" -> selector(number);
                            default -> start(() -> socket(new ServerSocket(number)));
                        }
                    }
                }

                static void start(Task task) {
                    Thread thread = new Thread(() -> {
                        try {
                            task.run();
                        } catch (Exception e) {
                            e.printStackTrace();
                        }
                    });
                    thread.setDaemon(true);
                    thread.start();
                }

                static void http(int port) throws Exception {
                    HttpServer server = HttpServer.create(new InetSocketAddress(port), 0);
                    server.createContext("/", exchange -> {
                        exchange.sendResponseHeaders(200, PID.length);
                        exchange.getResponseBody().write(PID);
                        exchange.close();
                    });
                    start(server::start);
                }

                static void socket(ServerSocket server) {
                    start(() -> {
                        while (true) {
                            try (Socket client = server.accept()) {
                                client.getOutputStream().write(PID);
                            }
                        }
                    });
                }

                static void selector(int port) throws Exception {
                    Selector selector = Selector.open();
                    ServerSocketChannel server = ServerSocketChannel.open();
                    server.bind(new InetSocketAddress(port)).configureBlocking(false);
                    server.register(selector, SelectionKey.OP_ACCEPT);
                    start(() -> {
                        while (true) {
                            selector.select();
                            selector.selectedKeys().clear();
                            for (SocketChannel client; (client = server.accept()) != null; ) {
                                client.write(ByteBuffer.wrap(PID));
                                client.close();
                            }
                        }
                    });
                }
            }
            """;

    @RegisterExtension final Programs programs = new Programs();
    @TempDir Path folder;
    private Path agent;
    private OneProcess server;

    @BeforeEach
    void compile() throws IOException {
        Sources sources = new Sources(folder.resolve("agent"));
        agent =
                sources.jar(
                        "agent.jar",
                        sources.compile(sources.write("Agent.java", AGENT)),
                        Map.of("Premain-Class", "Agent"));
        server = new OneProcess(programs, folder);
    }

    private static void assertOn(int port, List<String> pids) throws IOException {
        for (int slot = 0; slot < pids.size(); slot++) {
            assertThat(Client.read(port + slot)).as("slot %s", slot).isEqualTo(pids.get(slot));
        }
    }

    @ParameterizedTest
    @Sampled(2)
    @ValueSource(strings = {"socket", "selector", "thread"})
    void givenAnAgentThatListens_whenReloadedAndKilled_thenEachSlotHasItsNumber(String way)
            throws Exception {
        int port = Ports.row(3);
        Program prefork =
                server.start(server.command("-J-javaagent:" + agent + "=" + way + ":" + port));

        List<String> first = server.pids();
        assertOn(port, first);
        List<String> second = server.pidsAfterReload();
        assertThat(second).doesNotContainAnyElementsOf(first);
        assertOn(port, second);
        assertOn(port, server.pidsAfterReload());

        int victim = Integer.parseInt(Client.read(port + 1));
        Signals.send("KILL", victim);
        prefork.awaitLine("prefork: worker \\d+ \\(pid " + victim + "\\) died");
        assertThat(Client.read(port + 1)).as("by its successor").isNotEqualTo("" + victim);
        assertThat(Ports.isFree(port + 2)).as("no third number").isTrue();
    }

    @ParameterizedTest
    @Sampled(2)
    @ValueSource(strings = {"JAVA_TOOL_OPTIONS", "JDK_JAVA_OPTIONS", "_JAVA_OPTIONS"})
    void givenAgentsInAVariable_whenTwoWorkersRun_thenEachHasItsNumbersAndPreforkNone(
            String variable) throws Exception {
        int http = Ports.row(2);
        int selector = Ports.row(2);
        String option = "-javaagent:" + agent + "=http:" + http + "+selector:" + selector;
        Program prefork = server.start(server.command().with(variable, option));

        List<String> pids = server.pids();

        server.servesBy(pids);
        assertThat(List.of(Client.get(http, "/"), Client.get(http + 1, "/"))).isEqualTo(pids);
        assertOn(selector, pids);
        if (variable.equals("JAVA_TOOL_OPTIONS")) {
            prefork.awaitLine("1 [|] tools " + Pattern.quote(option));
        }
        assertThat(server.pidsAfterReload()).contains(Client.get(http, "/"));
    }

    @Test
    void givenAgentsInFilesOfOptions_whenTwoWorkersRun_thenEachHasItsNumbers() throws Exception {
        int one = Ports.row(2);
        int other = Ports.row(2);
        Path options = folder.resolve("options");
        Files.writeString(options, "# agents\n'-javaagent:" + agent + "=socket:" + one + "'\n");
        server.start(
                server.command(
                        "-J@" + options, "--jvm", "-javaagent:" + agent + "=thread:" + other));

        List<String> pids = server.pids();

        assertOn(one, pids);
        assertOn(other, pids);
        server.servesBy(pids);
    }

    @Test
    void givenAProgramWithAnAgentInItself_whenTwoWorkersRun_thenTheAgentsPortIsEachOnes()
            throws Exception {
        int own = Ports.row(2);
        int shared = Ports.row(1);
        Sources sources = new Sources(folder.resolve("both"));
        String program =
                """
                import java.net.*;

                public class Both {
                    public static void agentmain(String nothing) throws Exception {
                        Agent.premain("socket:%d");
                    }

                    public static void main(String[] arguments) throws Exception {
                        ServerSocket server = new ServerSocket(%d);
                        while (true) {
                            try (Socket client = server.accept()) {
                                client.getOutputStream().write(Agent.PID);
                            }
                        }
                    }
                }
                """
                        .formatted(own, shared);
        Path jar =
                sources.jar(
                        "both.jar",
                        sources.compile(
                                sources.write("Both.java", program),
                                sources.write("Agent.java", AGENT)),
                        Map.of("Main-Class", "Both", "Launcher-Agent-Class", "Both"));
        Program prefork = programs.start(Command.prefork("run", "-w", "2", jar));

        List<String> pids =
                List.of(
                        prefork.awaitLine("prefork: serving .*:" + shared + " with 2 workers, .*")
                                .replaceAll(".*pids ", "")
                                .split(" ", -1));

        assertOn(own, pids);
        assertThat(List.of(Client.read(shared), Client.read(shared)))
                .containsExactlyInAnyOrderElementsOf(pids);
    }
}
