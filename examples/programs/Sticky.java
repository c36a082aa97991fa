import dev.prefork.*;

// A client always reaches the same worker: the primary accepts, and sends the connection to the one that the client's
// address says.

void main(String[] args) throws IOException {
    if (Cluster.isPrimary()) {
        var workers = List.of(Cluster.fork(), Cluster.fork());
        var server = ServerSocketChannel.open().bind(new InetSocketAddress(Integer.parseInt(args[0])));
        while (true) {
            SocketChannel client = server.accept();
            int hash = ((InetSocketAddress) client.getRemoteAddress()).getAddress().hashCode();
            workers.get(Math.floorMod(hash, workers.size())).send("client", client);
        }
    } else {
        Cluster.worker().onMessage(message -> {
            try (var client = message.handle(SocketChannel.class).orElseThrow()) {
                client.write(ByteBuffer.wrap(("worker " + Cluster.worker().id() + "\n").getBytes()));
            } catch (IOException gone) {
                IO.println(gone);
            }
        });
    }
}
