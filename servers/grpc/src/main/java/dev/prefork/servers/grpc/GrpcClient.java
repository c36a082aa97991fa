package dev.prefork.servers.grpc;

import io.grpc.CallOptions;
import io.grpc.ClientCall;
import io.grpc.Grpc;
import io.grpc.InsecureChannelCredentials;
import io.grpc.ManagedChannel;
import io.grpc.stub.ClientCalls;
import io.grpc.stub.StreamObserver;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Connections to a {@link GrpcServer} for a program that has no gRPC: {@code java -cp grpc.jar
 * dev.prefork.servers.grpc.GrpcClient PORT}.
 *
 * <p>It reads lines: {@code open CONNECTION}, {@code get CONNECTION REQUEST}, {@code stream
 * CONNECTION REQUEST LINES}, {@code close CONNECTION}. To each request it prints the lines of the
 * answer as {@code REQUEST line TEXT}, then {@code REQUEST end LOCAL-ADDRESS} or {@code REQUEST
 * failed WHY}.
 */
final class GrpcClient {
    private final String port;
    private final Map<String, ManagedChannel> connections = new ConcurrentHashMap<>();

    private GrpcClient(String port) {
        this.port = port;
    }

    public static void main(String[] args) throws IOException {
        GrpcClient client = new GrpcClient(args[0]);
        BufferedReader in =
                new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        for (String line = in.readLine(); line != null; line = in.readLine()) {
            client.obey(line.split(" ", -1));
        }
        client.connections.values().forEach(ManagedChannel::shutdownNow);
    }

    private void obey(String[] words) {
        String connection = words[1];
        switch (words[0]) {
            case "open" -> connections.put(connection, connect());
            case "get" -> {
                ClientCall<String, String> call =
                        connections.get(connection).newCall(Calls.GET, CallOptions.DEFAULT);
                ClientCalls.asyncUnaryCall(call, "", new Printer(words[2], call));
            }
            case "stream" -> {
                ClientCall<String, String> call =
                        connections.get(connection).newCall(Calls.STREAM, CallOptions.DEFAULT);
                ClientCalls.asyncServerStreamingCall(call, words[3], new Printer(words[2], call));
            }
            case "close" -> connections.remove(connection).shutdownNow();
            default -> throw new IllegalArgumentException(String.join(" ", words));
        }
    }

    private ManagedChannel connect() {
        return Grpc.newChannelBuilder("127.0.0.1:" + port, InsecureChannelCredentials.create())
                .disableRetry()
                .build();
    }

    private record Printer(String request, ClientCall<String, String> call)
            implements StreamObserver<String> {
        @Override
        public void onNext(String text) {
            System.out.println(request + " line " + text);
        }

        @Override
        public void onError(Throwable problem) {
            System.out.println(request + " failed " + problem);
        }

        @Override
        public void onCompleted() {
            InetSocketAddress local =
                    (InetSocketAddress) call.getAttributes().get(Grpc.TRANSPORT_ATTR_LOCAL_ADDR);
            System.out.println(
                    "%s end %s:%d"
                            .formatted(
                                    request, local.getAddress().getHostAddress(), local.getPort()));
        }
    }
}
