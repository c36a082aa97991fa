package dev.prefork.it.support;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import org.awaitility.core.ConditionTimeoutException;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.TestExecutionExceptionHandler;

import java.io.IOException;
import java.net.ServerSocket;
import java.net.StandardProtocolFamily;
import java.nio.channels.DatagramChannel;
import java.nio.channels.ServerSocketChannel;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.stream.Collectors;

/**
 * Starts the programs of a test, and sees to it that nothing of them is left.
 *
 * <pre>{@code
 * @RegisterExtension final Programs programs = new Programs();
 * }</pre>
 *
 * After each test those that still run are killed, and then every process that they started must
 * end by itself, however far down; and the test itself must have closed its sockets and pipes. When
 * a test fails, the failure shows the output of its programs and the processes with their
 * descriptors.
 */
public final class Programs
        implements BeforeEachCallback, AfterEachCallback, TestExecutionExceptionHandler {
    private static final Duration WORKERS_MAY_TAKE = Duration.ofSeconds(10);

    static {
        // The JDK keeps a socket of its own for good as soon as one of each kind is closed.
        try (ServerSocketChannel _ = ServerSocketChannel.open();
                ServerSocket _ = new ServerSocket();
                DatagramChannel _ = DatagramChannel.open();
                ServerSocketChannel _ = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
        } catch (IOException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private final String mark = UUID.randomUUID().toString();
    private final List<Program> started = new ArrayList<>();
    private List<String> openBefore = List.of();

    /** Starts a main class of the tests in a JVM of its own. */
    public Program java(Class<?> main, Object... arguments) {
        return start(Command.java(main, arguments));
    }

    public Program start(Command command) {
        Program program = new Program(command, mark);
        started.add(program);
        return program;
    }

    /** True while any process that this test started, or that such a one started, runs. */
    public boolean areRunning() {
        return !Marked.all(mark).isEmpty();
    }

    @Override
    public void handleTestExecutionException(ExtensionContext context, Throwable failure)
            throws Throwable {
        failure.addSuppressed(new AssertionError("\n" + outputs() + "\n" + processes()));
        throw failure;
    }

    @Override
    public void beforeEach(ExtensionContext context) {
        openBefore = socketsAndPipes();
    }

    /** Not the JDK's pollers, which are opened at their first use. */
    private static List<String> socketsAndPipes() {
        return Descriptors.of(Math.toIntExact(ProcessHandle.current().pid())).stream()
                .filter(descriptor -> descriptor.matches("\\d+=(socket|pipe):.*"))
                .toList();
    }

    @Override
    public void afterEach(ExtensionContext context) {
        started.forEach(Program::kill);
        for (Marked process : Marked.all(mark)) {
            if (process.isStopped()) {
                Signals.resume(process.pid());
            }
        }
        try {
            await().atMost(WORKERS_MAY_TAKE)
                    .pollDelay(Duration.ZERO)
                    .pollInterval(Duration.ofMillis(10))
                    .until(() -> !areRunning());
        } catch (ConditionTimeoutException e) {
            String left = processes();
            Marked.all(mark).forEach(Marked::kill);
            throw new AssertionError("processes left:\n" + left + "\n" + outputs(), e);
        }
        await("the test's own sockets and pipes are closed")
                .atMost(WORKERS_MAY_TAKE)
                .pollDelay(Duration.ZERO)
                .pollInterval(Duration.ofMillis(10))
                .untilAsserted(() -> assertThat(socketsAndPipes()).isSubsetOf(openBefore));
    }

    private String outputs() {
        return started.stream().map(Program::toString).collect(Collectors.joining("\n"));
    }

    private String processes() {
        return Marked.all(mark).stream().map(Marked::toString).collect(Collectors.joining("\n"));
    }
}
