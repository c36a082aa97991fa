package dev.prefork.net;

import dev.prefork.posix.Fd;

import java.io.IOException;
import java.net.SocketAddress;

/** Connections of an address that is this worker's alone. */
public record OwnSource(ConnectionSource source) implements ConnectionSource {
    @Override
    public boolean isOwn() {
        return true;
    }

    @Override
    public SocketAddress localAddress() {
        return source.localAddress();
    }

    @Override
    public int descriptor() {
        return source.descriptor();
    }

    @Override
    public Fd take() throws IOException {
        return source.take();
    }

    @Override
    public boolean isExhausted() {
        return source.isExhausted();
    }

    @Override
    public void close() {
        source.close();
    }
}
