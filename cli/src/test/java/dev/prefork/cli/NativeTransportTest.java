package dev.prefork.cli;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import java.util.ArrayList;
import java.util.List;

/** What is said, once, of sockets that cannot be shared. */
class NativeTransportTest {
    private final List<String> said = new ArrayList<>();
    private final NativeTransport transport = new NativeTransport(said::add);

    @Test
    void givenATransportThatIsSwitchedOff_whenTheWorkersEnd_thenTheWayOutIsSaidOnce() {
        List<String> lines =
                List.of(
                        "1 | Caused by: java.lang.UnsupportedOperationException: Native transport"
                                + " was explicit disabled with -Dio.netty.transport.noNative=true",
                        "1 | \t... 12 more");

        transport.ended(lines);
        transport.ended(lines);

        assertThat(said).hasSize(1);
        assertThat(said.getFirst()).contains("NioServerSocketChannel", "SO_REUSEPORT");
    }

    @Test
    void givenAPortThatAnotherWorkerHas_whenTheWorkerEnds_thenTheWayOutIsSaid() {
        transport.ended(
                List.of(
                        "1 | Exception in thread \"main\""
                                + " io.netty.channel.unix.Errors$NativeIoException: bind(..) failed"
                                + " with error(-98): Address already in use"));

        assertThat(said).hasSize(1);
        assertThat(said.getFirst())
                .contains("leave out -Dio.netty.transport.noNative=false", "SO_REUSEPORT");
    }

    @Test
    void givenAnotherEnd_whenItIsTold_thenNothingIsSaid() {
        transport.ended(List.of());
        transport.ended(List.of("1 | java.net.BindException: Address already in use"));

        assertThat(said).isEmpty();
    }
}
