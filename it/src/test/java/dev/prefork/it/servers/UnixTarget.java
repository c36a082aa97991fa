package dev.prefork.it.servers;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;

/** HTTP on a Unix socket. */
record UnixTarget(Path file) implements Connection.Target {
    @Override
    public Connection connect() throws IOException {
        SocketChannel channel = SocketChannel.open(UnixDomainSocketAddress.of(file));
        return new HttpConnection(
                channel, Channels.newInputStream(channel), Channels.newOutputStream(channel), "");
    }

    @Override
    public String argument() {
        return file.toString();
    }

    @Override
    public void assertFree() {
        assertThat(file).doesNotExist();
    }
}
