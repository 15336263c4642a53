package dev.banyan.dataplane.wire.http1;

import static org.assertj.core.api.Assertions.assertThat;

import dev.banyan.dataplane.forward.EndToEnd;
import dev.banyan.dataplane.message.Ascii;
import dev.banyan.dataplane.message.Field;
import dev.banyan.dataplane.message.FieldLine;
import dev.banyan.dataplane.message.Framing;
import dev.banyan.dataplane.message.Head;
import dev.banyan.dataplane.message.HeadLimits;
import dev.banyan.dataplane.message.OutgoingHead;
import dev.banyan.dataplane.message.rules.AnswerRules;
import dev.banyan.dataplane.message.rules.RequestRules;
import dev.banyan.dataplane.wire.http1.NettyReading.Message;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * The oracle of fuzzing: a message that was accepted goes through the product's own rules and writers, and what they write must be
 * one message, and the one that was meant, to our reader and to Netty's.
 */
public final class Forwarded {
    private static final String NEXT_REQUEST = "GET /after HTTP/1.1\r\nHost: after\r\n\r\n";
    private static final String NEXT_ANSWER = "HTTP/1.1 299 After\r\nContent-Length: 0\r\n\r\n";
    private static final int NO_CONTENT = 204;

    private Forwarded() {}

    /** Fails unless the first request in those bytes, if it is accepted, goes on as it was meant; false if it is not accepted. */
    public static boolean checkRequest(String bytes) {
        Reading meant = Reading.request(bytes);
        if (meant.error() != null || !meant.whole()) {
            return false;
        }
        assertFramedInOneWay(bytes, meant.fields());
        HeadReader heads = new HeadReader(StartLine.REQUEST, HeadLimits.DEFAULT);
        ByteBuf in = Unpooled.wrappedBuffer(Ascii.bytes(bytes));
        heads.read(in);
        Head head = heads.head();
        RequestRules.apply(head);
        BodyReader bodies = new BodyReader();
        List<String> body = body(bodies, head, in);
        checkRequest(head, body, bodies.trailers());
        assertThat(meant.body()).isEqualTo(String.join("", body));
        return true;
    }

    /**
     * Fails unless the request goes on as it was meant.
     *
     * @param head one that {@link RequestRules} let pass
     * @param body its content in the pieces that it came in
     */
    public static void checkRequest(Head head, List<String> body, @Nullable Head trailers) {
        OutgoingHead out = EndToEnd.request(head, head.path());
        List<String> fields = kept(head, out);
        if (head.indexOf(Field.HOST, 0) < 0) {
            out.add(FieldLine.of("Host", "fallback"));
            fields.add("Host: fallback");
        } else {
            assertThat(fields).anyMatch(field -> field.toLowerCase(Locale.ROOT).startsWith("host:"));
        }
        EmbeddedChannel channel = new EmbeddedChannel();
        String written = written(channel, HeadWriter.request(channel.alloc(), out), out.framing(), body, trailers);

        String query = head.query();
        String startLine = head.method() + " " + head.path() + (query == null ? "" : "?" + query) + " 1.1";
        Message meant = new Message(startLine, fields, String.join("", body), trailers(trailers));
        check(written, meant, Reading.request(written), NettyReading.requests(written + NEXT_REQUEST));
    }

    /**
     * Fails unless the first answer in those bytes, if it is accepted, goes on as it was meant; false if it is not accepted.
     *
     * @param toHead the request was HEAD
     */
    public static boolean checkAnswer(String bytes, boolean toHead) {
        Reading meant = Reading.answer(bytes, toHead);
        if (meant.error() != null || !meant.whole() || meant.startLine().startsWith("101 ")) {
            return false;
        }
        assertFramedInOneWay(bytes, meant.fields());
        HeadReader heads = new HeadReader(StartLine.STATUS, HeadLimits.OF_ANSWERS);
        ByteBuf in = Unpooled.wrappedBuffer(Ascii.bytes(bytes));
        heads.read(in);
        Head head = heads.head();
        AnswerRules.apply(head, toHead);
        BodyReader bodies = new BodyReader();
        List<String> body = body(bodies, head, in);
        OutgoingHead out = EndToEnd.answer(head);
        if (head.framing() == Framing.UNTIL_CLOSE) {
            // As the server's side does for a client of HTTP/1.1.
            out.framed(Framing.CHUNKED, -1);
        } else if (head.status() == NO_CONTENT || head.status() < 200) {
            out.framed(Framing.NONE, -1);
        }
        EmbeddedChannel channel = new EmbeddedChannel();
        ByteBuf written = HeadWriter.answer(channel.alloc(), out, HeadWriter.Connection.UNSAID);
        Head trailers = bodies.trailers();
        String text = written(channel, written, out.framing(), body, trailers);

        Message message = new Message(head.status() + " 1.1", kept(head, out), meant.body(), trailers(trailers));
        // Netty's decoder cannot be told that the request was HEAD.
        List<Message> netty = toHead ? null : NettyReading.answers(text + NEXT_ANSWER);
        check(text, message, Reading.answer(text, toHead), netty);
        return true;
    }

    /** @param netty what Netty reads of it with another message behind it; null if it cannot be asked */
    private static void check(String written, Message meant, Reading ours, @Nullable List<Message> netty) {
        assertThat(ours.error()).as(written).isNull();
        assertThat(ours.whole()).as(written).isTrue();
        assertThat(ours.used()).as("one message: " + written).isEqualTo(written.length());
        Message seen = new Message(ours.startLine(), ours.fields(), ours.body(), ours.trailers());
        assertIsMeant(written, seen, meant);
        if (netty != null) {
            assertThat(netty).as("Netty reads two messages: " + written).hasSize(2);
            assertIsMeant(written, netty.get(0), meant);
            assertThat(netty.get(1).startLine()).as(written).containsAnyOf("/after", "299");
        }
    }

    private static void assertIsMeant(String written, Message seen, Message meant) {
        assertThat(seen.startLine()).as(written).isEqualTo(meant.startLine());
        assertThat(seen.body()).as(written).isEqualTo(meant.body());
        assertThat(seen.fields().stream().filter(field -> !isFraming(field)).toList())
                .as(written)
                .isEqualTo(meant.fields());
        assertFramedInOneWay(written, seen.fields());
        assertThat(meant.trailers()).as(written).containsAll(seen.trailers());
    }

    private static void assertFramedInOneWay(String bytes, List<String> fields) {
        assertThat(fields.stream().filter(Forwarded::isFraming).count())
                .as("framed in one way: " + bytes)
                .isLessThanOrEqualTo(1);
    }

    private static boolean isFraming(String field) {
        String name = field.substring(0, field.indexOf(':')).toLowerCase(Locale.ROOT);
        return name.equals("content-length") || name.equals("transfer-encoding");
    }

    private static List<String> body(BodyReader bodies, Head head, ByteBuf in) {
        List<String> pieces = new ArrayList<>();
        bodies.begin(head);
        while (!bodies.complete() && in.isReadable()) {
            ByteBuf data = bodies.read(in);
            if (data != null) {
                pieces.add(data.toString(StandardCharsets.ISO_8859_1));
                data.release();
            }
        }
        in.release();
        return pieces;
    }

    private static List<String> kept(Head head, OutgoingHead out) {
        List<String> fields = new ArrayList<>();
        for (int i = 0; i < head.count(); i++) {
            if (out.keeps(i)) {
                fields.add(head.name(i) + ": " + head.value(i));
            }
        }
        return fields;
    }

    private static List<String> trailers(@Nullable Head trailers) {
        List<String> fields = new ArrayList<>();
        for (int i = 0; trailers != null && i < trailers.count(); i++) {
            fields.add(trailers.name(i) + ": " + trailers.value(i));
        }
        return fields;
    }

    private static String written(
            EmbeddedChannel channel, ByteBuf head, Framing framing, List<String> body, @Nullable Head trailers) {
        BodyWriter writer = new BodyWriter();
        writer.begin(head, framing);
        for (String piece : body) {
            writer.data(channel, Unpooled.wrappedBuffer(Ascii.bytes(piece)));
        }
        writer.end(channel, trailers);
        channel.flush();
        StringBuilder all = new StringBuilder();
        for (ByteBuf piece = channel.readOutbound(); piece != null; piece = channel.readOutbound()) {
            all.append(piece.toString(StandardCharsets.ISO_8859_1));
            piece.release();
        }
        channel.finish();
        return all.toString();
    }
}
