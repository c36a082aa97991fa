package dev.prefork.servers.netty;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.DefaultHttpContent;
import io.netty.handler.codec.http.DefaultHttpResponse;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.handler.codec.http.QueryStringDecoder;

import java.net.InetSocketAddress;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** One connection; kept alive until the client closes it. */
final class HttpHandler extends SimpleChannelInboundHandler<FullHttpRequest> {
    private static final long PID = ProcessHandle.current().pid();

    @Override
    protected void channelRead0(ChannelHandlerContext context, FullHttpRequest request) {
        QueryStringDecoder target = new QueryStringDecoder(request.uri());
        if (target.path().equals("/stream")) {
            String lines = target.parameters().getOrDefault("lines", List.of("10")).getFirst();
            HttpResponse head =
                    new DefaultHttpResponse(HttpVersion.HTTP_1_1, HttpResponseStatus.OK);
            HttpUtil.setTransferEncodingChunked(head, true);
            var _ = context.write(plain(head));
            stream(context, 1, Integer.parseInt(lines));
        } else {
            var _ =
                    context.writeAndFlush(
                            answer((InetSocketAddress) context.channel().remoteAddress()));
        }
    }

    private static HttpResponse answer(InetSocketAddress remote) {
        String client = remote.getAddress().getHostAddress() + ":" + remote.getPort();
        ByteBuf body = text("pid=" + PID + " remote=" + client + "\n");
        HttpResponse answer =
                new DefaultFullHttpResponse(HttpVersion.HTTP_1_1, HttpResponseStatus.OK, body);
        HttpUtil.setContentLength(answer, body.readableBytes());
        return plain(answer);
    }

    private static void stream(ChannelHandlerContext context, int line, int lines) {
        if (line > lines) {
            var _ = context.writeAndFlush(LastHttpContent.EMPTY_LAST_CONTENT);
            return;
        }
        var _ =
                context.writeAndFlush(
                        new DefaultHttpContent(text("pid=" + PID + " line=" + line + "\n")));
        var _ =
                context.executor()
                        .schedule(
                                () -> stream(context, line + 1, lines), 100, TimeUnit.MILLISECONDS);
    }

    private static HttpResponse plain(HttpResponse response) {
        response.headers().set(HttpHeaderNames.CONTENT_TYPE, "text/plain");
        return response;
    }

    private static ByteBuf text(String text) {
        return Unpooled.copiedBuffer(text, UTF_8);
    }
}
