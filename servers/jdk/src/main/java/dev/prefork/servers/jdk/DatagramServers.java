package dev.prefork.servers.jdk;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;

/** Answers each datagram with who this is, whom it sees, and what it was sent. */
final class DatagramServers {
    private static final int MAX_BYTES = 1024;

    private DatagramServers() {}

    static void socket(InetSocketAddress address) throws IOException {
        try (DatagramSocket socket = new DatagramSocket(address.getPort())) {
            while (true) {
                DatagramPacket packet = new DatagramPacket(new byte[MAX_BYTES], MAX_BYTES);
                socket.receive(packet);
                String text = new String(packet.getData(), 0, packet.getLength(), UTF_8);
                packet.setData(answer(packet.getSocketAddress(), text));
                socket.send(packet);
            }
        }
    }

    static void channel(InetSocketAddress address) throws IOException {
        try (DatagramChannel channel = DatagramChannel.open().bind(address)) {
            while (true) {
                ByteBuffer packet = ByteBuffer.allocate(MAX_BYTES);
                SocketAddress client = channel.receive(packet);
                String text = UTF_8.decode(packet.flip()).toString();
                channel.send(ByteBuffer.wrap(answer(client, text)), client);
            }
        }
    }

    private static byte[] answer(SocketAddress client, String text) {
        return (Answers.whoAndWhom(client) + text).getBytes(UTF_8);
    }
}
