import dev.prefork.*;

// Workers that share a Unix socket.

void main(String[] args) throws IOException {
    if (Cluster.isPrimary()) {
        Cluster.fork();
        Cluster.fork();
    } else {
        var server = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
        server.bind(UnixDomainSocketAddress.of(args[0]));
        while (true) {
            try (SocketChannel client = server.accept()) {
                client.write(ByteBuffer.wrap(("worker " + Cluster.worker().id() + "\n").getBytes()));
            }
        }
    }
}
