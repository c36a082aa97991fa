package dev.prefork.it.node;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.prefork.Cluster;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.StandardProtocolFamily;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;

/** The Java counterpart of datagrams.js. */
final class DatagramWorker {
    private DatagramWorker() {}

    public static void main(String[] args) throws IOException {
        boolean four = args[0].equals("udp4");
        try (DatagramChannel channel =
                DatagramChannel.open(
                        four ? StandardProtocolFamily.INET : StandardProtocolFamily.INET6)) {
            channel.bind(new InetSocketAddress(InetAddress.ofLiteral(args[1]), 0));
            InetSocketAddress bound = (InetSocketAddress) channel.getLocalAddress();
            Lines.say("bound", Cluster.worker().id(), bound.getPort());
            while (true) {
                ByteBuffer data = ByteBuffer.allocate(100);
                SocketAddress sender = channel.receive(data);
                String text = new String(data.array(), 0, data.position(), UTF_8);
                String answer = "java " + Cluster.worker().id() + " " + text;
                channel.send(ByteBuffer.wrap(answer.getBytes(UTF_8)), sender);
            }
        }
    }
}
