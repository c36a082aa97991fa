package dev.prefork.servers.grpc;

import io.grpc.Context;
import io.grpc.Contexts;
import io.grpc.Grpc;
import io.grpc.InsecureServerCredentials;
import io.grpc.Metadata;
import io.grpc.ServerBuilder;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.ServerServiceDefinition;
import io.grpc.netty.shaded.io.grpc.netty.NettyServerBuilder;
import io.grpc.netty.shaded.io.netty.channel.MultiThreadIoEventLoopGroup;
import io.grpc.netty.shaded.io.netty.channel.nio.NioIoHandler;
import io.grpc.netty.shaded.io.netty.channel.socket.nio.NioServerSocketChannel;
import io.grpc.stub.ServerCalls;
import io.grpc.stub.StreamObserver;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;

/**
 * gRPC: {@code java -jar grpc.jar PORT [nio]}; without the word on the transport that it picks
 * itself.
 */
final class GrpcServer implements ServerInterceptor {
    private static final long PID = ProcessHandle.current().pid();
    private static final Context.Key<String> REMOTE = Context.key("remote");

    public static void main(String[] args) throws IOException, InterruptedException {
        int port = Integer.parseInt(args[0]);
        ServerBuilder<?> server =
                args.length > 1 && args[1].equals("nio")
                        ? onNio(port)
                        : Grpc.newServerBuilderForPort(port, InsecureServerCredentials.create());
        server.addService(
                        ServerServiceDefinition.builder(Calls.SERVICE)
                                .addMethod(
                                        Calls.GET, ServerCalls.asyncUnaryCall(GrpcServer::answer))
                                .addMethod(
                                        Calls.STREAM,
                                        ServerCalls.asyncServerStreamingCall(GrpcServer::stream))
                                .build())
                .intercept(new GrpcServer())
                .build()
                .start()
                .awaitTermination();
    }

    private static ServerBuilder<?> onNio(int port) {
        return NettyServerBuilder.forPort(port, InsecureServerCredentials.create())
                .channelType(NioServerSocketChannel.class)
                .bossEventLoopGroup(new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory()))
                .workerEventLoopGroup(new MultiThreadIoEventLoopGroup(NioIoHandler.newFactory()));
    }

    private static void answer(String request, StreamObserver<String> answers) {
        answers.onNext("pid=" + PID + " remote=" + REMOTE.get());
        answers.onCompleted();
    }

    private static void stream(String lines, StreamObserver<String> answers) {
        for (int line = 1; line <= Integer.parseInt(lines); line++) {
            if (line > 1) {
                pause();
            }
            answers.onNext("pid=" + PID + " line=" + line);
        }
        answers.onCompleted();
    }

    private static void pause() {
        try {
            Thread.sleep(100);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    /** Lets the service know its client's address. */
    @Override
    public <Q, A> ServerCall.Listener<Q> interceptCall(
            ServerCall<Q, A> call, Metadata headers, ServerCallHandler<Q, A> next) {
        SocketAddress remote = call.getAttributes().get(Grpc.TRANSPORT_ATTR_REMOTE_ADDR);
        InetSocketAddress client = (InetSocketAddress) remote;
        Context context =
                Context.current()
                        .withValue(
                                REMOTE,
                                client.getAddress().getHostAddress() + ":" + client.getPort());
        return Contexts.interceptCall(context, call, headers, next);
    }
}
