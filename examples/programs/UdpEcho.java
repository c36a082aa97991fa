import dev.prefork.*;

// Datagrams are sent back by whichever worker reads them: they share the socket.

void main(String[] args) throws IOException {
    if (Cluster.isPrimary()) {
        Cluster.fork();
        Cluster.fork();
    } else {
        var socket = DatagramChannel.open().bind(new InetSocketAddress(Integer.parseInt(args[0])));
        ByteBuffer buffer = ByteBuffer.allocate(65_536);
        while (true) {
            SocketAddress from = socket.receive(buffer.clear());
            socket.send(buffer.flip(), from);
        }
    }
}
