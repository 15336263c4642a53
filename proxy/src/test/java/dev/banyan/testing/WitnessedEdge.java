package dev.banyan.testing;

import dev.banyan.contract.ExchangeRecord;
import dev.banyan.dataplane.DataPlane;
import dev.banyan.dataplane.exchange.Exchange;
import dev.banyan.dataplane.exchange.Witness;
import dev.banyan.dataplane.message.Head;
import io.netty.buffer.ByteBuf;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A process of its own: an edge with a witness that keeps the first megabyte of each answer. Ends with its standard input. */
public final class WitnessedEdge {
    public static final int SEEN_BYTES = 1 << 20;

    private WitnessedEdge() {}

    public static void main(String[] arguments) throws IOException {
        String table = """
                default: rails
                upstreams:
                  rails: { url: "http://127.0.0.1:%s" }
                routes:
                  large: { match: "GET /{bytes}", legacy: rails }
                """.formatted(arguments[0]);
        try (TestEdge edge = TestEdge.with(
                Tables.of(table),
                DataPlane.SideTraffic.NONE.seenBy(List.of(), route -> Optional.of(exchange -> new Keeping())))) {
            System.out.println("port " + edge.port());
            while (System.in.read() >= 0) {
                // until nobody wants it any more
            }
        }
    }

    private static final class Keeping implements Witness {
        private final ByteArrayOutputStream kept = new ByteArrayOutputStream();
        private String path = "";
        private boolean whole;

        @Override
        public int maxBodyBytes() {
            return SEEN_BYTES;
        }

        @Override
        public void request(Exchange exchange) {
            Head head = exchange.head();
            path = new String(
                    head.bytes(), head.pathStart(), head.pathEnd() - head.pathStart(), StandardCharsets.US_ASCII);
        }

        @Override
        public void requestData(ByteBuf view) {}

        @Override
        public void requestEnd(@Nullable Head trailers) {}

        @Override
        public void answerHead(Head head) {}

        @Override
        public void answerData(ByteBuf view) {
            byte[] copy = new byte[view.readableBytes()];
            view.readBytes(copy);
            kept.writeBytes(copy);
        }

        @Override
        public void answerEnd(@Nullable Head trailers) {
            whole = true;
        }

        @Override
        public void ended(ExchangeRecord record) {
            System.out.printf(
                    "seen %s: %d bytes%s%s%n",
                    path, kept.size(), whole ? ", whole" : "", record.end().isEmpty() ? "" : ", " + record.end());
        }
    }
}
