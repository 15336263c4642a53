package dev.banyan.dataplane.wire.http1;

import dev.banyan.dataplane.message.Ascii;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandler;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpDecoderConfig;
import io.netty.handler.codec.http.HttpMessage;
import io.netty.handler.codec.http.HttpObject;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpRequestDecoder;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseDecoder;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.util.ReferenceCountUtil;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** What Netty's decoders make of some bytes: a second opinion by somebody who knows nothing of our reader. */
final class NettyReading {
    private NettyReading() {}

    /** One message as either reader sees it. */
    record Message(String startLine, List<String> fields, String body, List<String> trailers) {}

    /** Those before the first that Netty refuses. */
    static List<Message> requests(String bytes) {
        return read(bytes, new HttpRequestDecoder(config()));
    }

    /** Those before the first that Netty refuses; none of them answers a HEAD. */
    static List<Message> answers(String bytes) {
        return read(bytes, new HttpResponseDecoder(config()));
    }

    private static HttpDecoderConfig config() {
        return new HttpDecoderConfig()
                .setMaxInitialLineLength(100_000)
                .setMaxHeaderSize(100_000)
                .setMaxChunkSize(100_000);
    }

    private static List<Message> read(String bytes, ChannelHandler decoder) {
        EmbeddedChannel channel = new EmbeddedChannel(decoder);
        List<HttpObject> objects = new ArrayList<>();
        try {
            channel.writeInbound(Unpooled.wrappedBuffer(Ascii.bytes(bytes)));
            channel.finish();
            for (HttpObject object = channel.readInbound(); object != null; object = channel.readInbound()) {
                objects.add(object);
            }
            return messages(objects);
        } finally {
            objects.forEach(ReferenceCountUtil::release);
            channel.finishAndReleaseAll();
        }
    }

    private static List<Message> messages(List<HttpObject> objects) {
        List<Message> messages = new ArrayList<>();
        String startLine = "";
        List<String> fields = List.of();
        StringBuilder body = new StringBuilder();
        for (HttpObject object : objects) {
            if (object.decoderResult().isFailure()) {
                break;
            }
            if (object instanceof HttpMessage head) {
                startLine = startLine(head);
                fields = fields(head.headers().entries());
                body.setLength(0);
            }
            if (object instanceof HttpContent content) {
                ByteBuf data = content.content();
                body.append(data.toString(StandardCharsets.ISO_8859_1));
            }
            if (object instanceof LastHttpContent last) {
                messages.add(new Message(
                        startLine,
                        fields,
                        body.toString(),
                        fields(last.trailingHeaders().entries())));
            }
        }
        return messages;
    }

    private static String startLine(HttpMessage head) {
        String version = head.protocolVersion().equals(HttpVersion.HTTP_1_0) ? " 1.0" : " 1.1";
        if (head instanceof HttpRequest request) {
            return request.method().name() + " " + request.uri() + version;
        }
        return ((HttpResponse) head).status().code() + version;
    }

    private static List<String> fields(List<Map.Entry<String, String>> entries) {
        return entries.stream()
                .map(field -> field.getKey() + ": " + field.getValue())
                .toList();
    }
}
