package dev.banyan.traffic.watching;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.banyan.contract.ExchangeRecord;
import dev.banyan.dataplane.DataPlane;
import dev.banyan.dataplane.exchange.Exchange;
import dev.banyan.dataplane.exchange.Witness;
import dev.banyan.dataplane.message.Head;
import dev.banyan.testing.RawClient;
import dev.banyan.testing.RawUpstream;
import dev.banyan.testing.Tables;
import dev.banyan.testing.TestEdge;
import io.netty.buffer.ByteBuf;
import java.io.IOException;
import java.nio.ReadOnlyBufferException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Who sees the exchanges of a route sees what went by, and nobody else notices. */
class WitnessTest {
    private static final String OK = "HTTP/1.1 200 OK\r\nX-From: modern\r\nContent-Length: 5\r\n\r\nhello";

    /** Writes down what it is told, a line each; told as a whole when all is over. */
    private static class Notes implements Witness {
        private final List<String> lines = new ArrayList<>();
        private final BlockingQueue<List<String>> whole = new LinkedBlockingQueue<>();
        private final int most;

        Notes(int most) {
            this.most = most;
        }

        List<String> whole() throws InterruptedException {
            return Objects.requireNonNull(whole.poll(10, TimeUnit.SECONDS), "not over");
        }

        @Override
        public int maxBodyBytes() {
            return most;
        }

        @Override
        public void request(Exchange exchange) {
            lines.add(exchange.head().method() + " "
                    + exchange.head().joined("x-a".getBytes(StandardCharsets.US_ASCII), ","));
        }

        @Override
        public void requestData(ByteBuf view) {
            lines.add("sent " + view.toString(StandardCharsets.US_ASCII));
        }

        @Override
        public void requestEnd(@Nullable Head trailers) {
            lines.add("sent all");
        }

        @Override
        public void answerHead(Head head) {
            lines.add("got " + head.status());
        }

        @Override
        public void answerData(ByteBuf view) {
            lines.add("got " + view.toString(StandardCharsets.US_ASCII));
        }

        @Override
        public void answerEnd(@Nullable Head trailers) {
            lines.add("got all");
        }

        @Override
        public void ended(ExchangeRecord record) {
            lines.add("ended " + record.status() + " " + record.end());
            whole.add(List.copyOf(lines));
        }
    }

    private static TestEdge seen(int modernPort, int legacyPort, Supplier<Witness> witness) throws IOException {
        return TestEdge.with(
                Tables.of("""
                        default: rails
                        upstreams:
                          rails: { url: "http://127.0.0.1:%d" }
                          modern: { url: "http://127.0.0.1:%d" }
                        routes:
                          seen:
                            match: [ GET /seen, PUT /seen ]
                            legacy: rails
                            modern: modern
                            canary: 100%%
                            writes: modern
                          unseen: { match: GET /unseen, legacy: rails }
                        """.formatted(legacyPort, modernPort)),
                DataPlane.SideTraffic.NONE.seenBy(
                        List.of(),
                        route ->
                                route.id().equals("seen") ? Optional.of(exchange -> witness.get()) : Optional.empty()));
    }

    private static String get(TestEdge edge) throws IOException {
        return RawClient.exchange(edge.port(), "GET /seen HTTP/1.1\r\nHost: a\r\nX-A: b\r\nConnection: close\r\n\r\n");
    }

    private static String put(TestEdge edge) throws IOException {
        return RawClient.exchange(
                edge.port(),
                "PUT /seen HTTP/1.1\r\nHost: a\r\nX-A: b\r\nConnection: close\r\nContent-Length: 4\r\n\r\nbody");
    }

    /** Answers once it has the body, which must be there to its end. */
    private static RawUpstream reading() throws IOException {
        return RawUpstream.running(connection -> {
            connection.readHead();
            assertThat(new String(connection.readBytes(4), StandardCharsets.US_ASCII))
                    .isEqualTo("body");
            connection.write(OK);
        });
    }

    @Test
    void it_sees_an_exchange_from_the_head_of_the_request_to_the_end_of_the_answer() throws Exception {
        Notes notes = new Notes(1000);
        try (RawUpstream modern = reading();
                TestEdge edge = seen(modern.port(), modern.port(), () -> notes)) {

            assertThat(put(edge)).endsWith("hello");

            assertThat(notes.whole())
                    .containsExactly("PUT b", "sent body", "sent all", "got 200", "got hello", "got all", "ended 200 ");
        }
    }

    @Test
    void it_sees_no_more_of_a_body_than_it_asked_for_and_all_of_it_is_sent() throws Exception {
        Notes notes = new Notes(3);
        try (RawUpstream modern = reading();
                TestEdge edge = seen(modern.port(), modern.port(), () -> notes)) {

            assertThat(put(edge)).endsWith("hello");

            assertThat(notes.whole())
                    .containsExactly("PUT b", "sent bod", "sent all", "got 200", "got hel", "got all", "ended 200 ");
        }
    }

    @Test
    void a_body_that_is_sent_twice_is_seen_once_and_so_is_the_answer_that_the_client_gets() throws Exception {
        Notes notes = new Notes(1000);
        try (RawUpstream modern = RawUpstream.running(connection -> {
                    connection.readHead();
                    connection.write("HTTP/1.1 503 Busy\r\nContent-Length: 0\r\n\r\n");
                });
                RawUpstream legacy = RawUpstream.answering(OK.replace("hello", "older"));
                TestEdge edge = seen(modern.port(), legacy.port(), () -> notes)) {

            assertThat(get(edge)).endsWith("older");

            assertThat(notes.whole())
                    .containsExactly("GET b", "sent all", "got 200", "got older", "got all", "ended 200 ");
        }
    }

    @Test
    void it_sees_a_client_leave() throws Exception {
        Notes notes = new Notes(1000);
        try (RawUpstream modern = RawUpstream.running(connection -> {
                    connection.readHead();
                    connection.write("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhel");
                    connection.readHead();
                });
                TestEdge edge = seen(modern.port(), modern.port(), () -> notes)) {
            try (RawClient client = new RawClient(edge.port())) {
                client.send("GET /seen HTTP/1.1\r\nHost: a\r\nX-A: b\r\n\r\n");
                client.readHead();
                client.read(3);
            }

            assertThat(notes.whole())
                    .containsExactly("GET b", "sent all", "got 200", "got hel", "ended 200 client-gone");
        }
    }

    @Test
    void of_what_banyan_answers_itself_it_is_told_the_end_alone() throws Exception {
        Notes notes = new Notes(1000);
        int nobody = RawUpstream.portNobodyListensOn();
        try (TestEdge edge = seen(nobody, nobody, () -> notes)) {

            assertThat(get(edge)).startsWith("HTTP/1.1 502 ");

            assertThat(notes.whole()).containsExactly("GET b", "sent all", "ended 502 connect-failed");
        }
    }

    @Test
    void what_it_is_shown_it_can_neither_write_nor_release_nor_read_on() throws Exception {
        Notes notes = new Notes(1000) {
            @Override
            public void answerData(ByteBuf view) {
                assertThatThrownBy(() -> view.setByte(0, 'x')).isInstanceOf(ReadOnlyBufferException.class);
                assertThat(view.release()).isFalse();
                view.skipBytes(view.readableBytes());
                super.answerData(view);
            }
        };
        try (RawUpstream modern = RawUpstream.answering(OK);
                TestEdge edge = seen(modern.port(), modern.port(), () -> notes)) {

            assertThat(get(edge)).endsWith("hello");

            assertThat(notes.whole()).endsWith("got 200", "got ", "got all", "ended 200 ");
        }
    }

    @Test
    void one_that_throws_is_told_no_more_and_changes_nothing() throws Exception {
        Notes notes = new Notes(1000) {
            @Override
            public void answerHead(Head head) {
                throw new IllegalStateException("a bug in this witness, which the log tells");
            }
        };
        try (RawUpstream modern = RawUpstream.answering(OK);
                TestEdge edge = seen(modern.port(), modern.port(), () -> notes)) {

            assertThat(get(edge)).endsWith("hello");
            assertThat(get(edge)).endsWith("hello");

            assertThat(notes.lines).doesNotContain("got hello").startsWith("GET b", "sent all");
        }
    }

    @Test
    void another_route_is_not_seen() throws Exception {
        Notes notes = new Notes(1000);
        try (RawUpstream rails = RawUpstream.answering(OK);
                TestEdge edge = seen(rails.port(), rails.port(), () -> notes)) {
            RawClient.exchange(edge.port(), "GET /unseen HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n");

            get(edge);

            assertThat(notes.whole()).startsWith("GET b").hasSize(6);
        }
    }
}
