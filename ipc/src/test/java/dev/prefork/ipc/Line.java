package dev.prefork.ipc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.prefork.posix.DescriptorSocket;
import dev.prefork.posix.Fd;
import dev.prefork.posix.Sockets;

import java.time.Duration;

/**
 * A pair of sockets, of which one travels as a handle: by talking over it one knows which it is.
 */
final class Line implements AutoCloseable {
    private final DescriptorSocket near;
    private final Fd far;

    private Line(Fd near, Fd far) {
        this.near = new DescriptorSocket(near, 64);
        this.far = far;
    }

    static Line open() throws Exception {
        Fd[] pair = Sockets.pair(Sockets.Type.STREAM);
        return new Line(pair[0], pair[1]);
    }

    /** The end that travels. Whoever gets it closes it. */
    Fd far() {
        return far;
    }

    /** Checks that this is the far end, and closes it. */
    void assertLeadsTo(Fd received) {
        byte[] word = "hello".getBytes(UTF_8);
        try (DescriptorSocket other = new DescriptorSocket(received, 64)) {
            assertThat(other.send(word, 0, word.length, DescriptorSocket.NO_DESCRIPTOR))
                    .isEqualTo(word.length);
            assertThat(near.receive()).as("what came over this line").isEqualTo(word.length);
        }
        assertNobodyHasIt();
    }

    /** Waits until every copy of the far end is closed. */
    void assertNobodyHasIt() {
        await("end of stream")
                .atMost(Duration.ofSeconds(End.DEADLINE_SECONDS))
                .pollDelay(Duration.ZERO)
                .pollInterval(Duration.ofMillis(2))
                .until(() -> near.receive() == 0);
    }

    @Override
    public void close() {
        far.close();
        near.close();
    }
}
