package dev.banyan.dataplane.wire.http1;

import static org.assertj.core.api.Assertions.assertThat;

import dev.banyan.dataplane.wire.Ascii;
import dev.banyan.dataplane.wire.Field;
import dev.banyan.dataplane.wire.Head;
import dev.banyan.dataplane.wire.OutgoingHead;
import dev.banyan.dataplane.wire.rules.RequestRules;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Whatever request we accept: what we write of it, read again, is one message, and the one that was meant. */
class ForwardedIsOneMessageTest {
    private static final int CASES = Integer.getInteger("banyan.fuzz.cases", 3_000);
    private static final long SEED = Long.getLong("banyan.fuzz.seed", 20_260_102L);

    private static final List<String> CORPUS = List.of(
            "GET /x?y=z HTTP/1.1\r\nHost: a\r\nX: y\r\nAccept: */*\r\n\r\n",
            "GET http://a?x HTTP/1.1\r\nHost: a\r\nX:\r\n\r\n",
            "OPTIONS http://a HTTP/1.1\r\nHost: a\r\n\r\n",
            "GET /old HTTP/1.0\r\nHost: a\r\nConnection: keep-alive\r\n\r\n",
            "POST /p HTTP/1.1\r\nContent-Length: 3\r\nHost: a\r\nX:\t y \t\r\n\r\nabc",
            "POST /p HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\nX: y\r\n\r\n3;x\r\nabc\r\nA\r\n0123456789\r\n0\r\nX: y\r\nY:\r\n\r\n");

    @Test
    void what_is_forwarded_is_read_as_it_was_meant() {
        Mutations mutations = new Mutations(SEED, CORPUS);
        int forwarded = 0;
        for (int i = 0; i < CASES; i++) {
            String bytes = mutations.next(0);
            Reading meant = Reading.request(bytes);
            if (meant.error() == null && meant.whole()) {
                forwarded++;
                check(bytes, meant);
            }
        }
        assertThat(forwarded).isGreaterThan(CASES / 20);
    }

    private static void check(String bytes, Reading meant) {
        String written = forwarded(bytes);
        Reading seen = Reading.request(written);

        assertThat(seen.error()).as(written).isNull();
        assertThat(seen.whole()).as(written).isTrue();
        assertThat(seen.used()).as("one message: " + written).isEqualTo(written.length());
        assertThat(seen.body()).isEqualTo(meant.body());
        assertThat(seen.startLine()).endsWith(" 1.1");
        assertThat(endToEnd(seen.fields())).isEqualTo(endToEnd(meant.fields()));
        assertThat(meant.trailers()).containsAll(seen.trailers());
    }

    private static List<String> endToEnd(List<String> fields) {
        return fields.stream()
                .filter(field -> {
                    byte[] name = Ascii.bytes(field.substring(0, field.indexOf(':')));
                    return !framing(Field.of(name, 0, name.length)) && !field.equals("Host: fallback");
                })
                .toList();
    }

    private static boolean framing(Field field) {
        return field == Field.CONTENT_LENGTH || field == Field.TRANSFER_ENCODING || field == Field.CONNECTION;
    }

    private static String forwarded(String bytes) {
        HeadReader heads = new HeadReader(StartLine.REQUEST);
        BodyReader bodies = new BodyReader();
        ByteBuf in = Unpooled.wrappedBuffer(Ascii.bytes(bytes));
        heads.read(in);
        Head head = heads.head();
        RequestRules.apply(head);
        bodies.begin(head);
        EmbeddedChannel channel = new EmbeddedChannel();
        BodyWriter writer = new BodyWriter();
        writer.begin(HeadWriter.request(channel.alloc(), outgoing(head)), head.framing());
        while (!bodies.complete()) {
            ByteBuf data = bodies.read(in);
            if (data != null) {
                writer.data(channel, data);
            }
        }
        writer.end(channel, bodies.trailers());
        channel.flush();
        in.release();
        return written(channel);
    }

    private static OutgoingHead outgoing(Head head) {
        OutgoingHead out = OutgoingHead.request(head.method(), head.path(), head);
        for (int i = 0; i < head.count(); i++) {
            if (framing(head.field(i))) {
                out.drop(i);
            }
        }
        if (head.indexOf(Field.HOST, 0) < 0) {
            out.add(dev.banyan.dataplane.wire.FieldLine.of("Host", "fallback"));
        }
        out.framed(head.framing(), head.contentLength());
        return out;
    }

    private static String written(EmbeddedChannel channel) {
        StringBuilder all = new StringBuilder();
        for (ByteBuf piece = channel.readOutbound(); piece != null; piece = channel.readOutbound()) {
            all.append(piece.toString(StandardCharsets.ISO_8859_1));
            piece.release();
        }
        channel.finish();
        return all.toString();
    }
}
