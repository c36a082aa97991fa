package dev.prefork.it.cli;

import static org.assertj.core.api.Assertions.assertThat;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.prefork.it.support.Program;
import dev.prefork.it.support.Programs;
import dev.prefork.it.support.Rule;

import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Many clients at once, while nobody accepts: all are connected, and none has to try again. */
@Rule("F1")
class BurstIT {
    /** What the JDK has for a program that names none. */
    private static final int JDKS_BACKLOG = 50;

    /** So many the primary accepts ahead. */
    private static final int AHEAD = 1024;

    /** Shorter than the second after which a system tries again. */
    private static final int AT_ONCE_MILLIS = 900;

    @RegisterExtension private final Programs programs = new Programs();

    @ParameterizedTest
    @CsvSource({"none, 0", "rr, " + AHEAD})
    void givenAProgramThatNamesNoBacklog_whenManyConnect_thenAsManyWaitAsTheSystemAllows(
            String policy, int ahead) throws IOException {
        int most =
                Integer.parseInt(
                        Files.readString(Path.of("/proc/sys/net/core/somaxconn"), UTF_8).strip());
        int many = ahead + Math.min(most, 4 * JDKS_BACKLOG);
        Program prefork =
                programs.start(
                        Running.program(Backlogs.class, List.of(), "-w", 2, "--policy", policy));
        String ports = prefork.awaitLine("\\d [|] ports ").replaceFirst(".*ports ", "");

        for (String port : ports.split(" ", -1)) {
            assertThat(connectedAtOnce(Integer.parseInt(port), many)).as(ports).isEqualTo(many);
        }
    }

    private static int connectedAtOnce(int port, int many) throws IOException {
        List<Socket> clients = new ArrayList<>();
        try {
            for (int i = 0; i < many; i++) {
                Socket client = new Socket();
                clients.add(client);
                client.connect(
                        new InetSocketAddress(InetAddress.getLoopbackAddress(), port),
                        AT_ONCE_MILLIS);
            }
            return clients.size();
        } catch (SocketTimeoutException triesAgain) {
            return clients.size() - 1;
        } finally {
            for (Socket client : clients) {
                client.close();
            }
        }
    }
}
