package dev.banyan.traffic.http1;

import static org.assertj.core.api.Assertions.assertThat;

import dev.banyan.dataplane.listener.ConnectionLimits;
import dev.banyan.dataplane.listener.ListenerSettings;
import dev.banyan.dataplane.message.HeadLimits;
import dev.banyan.dataplane.message.Http2Limits;
import dev.banyan.dataplane.wire.ClientTimeouts;
import dev.banyan.net.Networks;
import dev.banyan.testing.FramePeer;
import dev.banyan.testing.FramePeer.Answer;
import dev.banyan.testing.RawClient;
import dev.banyan.testing.RawUpstream;
import dev.banyan.testing.StrictUpstream;
import dev.banyan.testing.Tables;
import dev.banyan.testing.TestEdge;
import java.io.IOException;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** How large a request's head may be is a setting, of HTTP/1 and HTTP/2 alike; who sends a larger one is told which. */
final class HeadLimitsTest {
    private static final int BYTES = 200 * 1024;
    private static final int FIELDS = 400;
    private static final String HEAD = "GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n";
    private static final String[] HEAD_2 = {":method", "GET", ":scheme", "http", ":authority", "a", ":path", "/"};

    @SuppressWarnings("NullAway.Init")
    private StrictUpstream rails;

    @BeforeEach
    void start() throws IOException {
        rails = new StrictUpstream();
    }

    @AfterEach
    void stop() throws IOException {
        rails.close();
    }

    private TestEdge edge(int bytes, int fields) throws IOException {
        return TestEdge.with(
                Tables.onlyDefault(rails.port()),
                new ListenerSettings(
                        Optional.of(TestEdge.anyPort()),
                        Optional.empty(),
                        Networks.NONE,
                        false,
                        ConnectionLimits.DEFAULT,
                        HeadLimits.ofRequests(bytes, fields),
                        Http2Limits.DEFAULT),
                ClientTimeouts.DEFAULT);
    }

    private static String[] withFields(int count, String value) {
        return Stream.concat(
                        Stream.of(HEAD_2),
                        Stream.iterate(0, i -> i + 1).limit(count).flatMap(i -> Stream.of("x-a", value)))
                .toArray(String[]::new);
    }

    @Test
    void larger_heads_than_usual_pass_where_the_limits_are_higher() throws Exception {
        try (TestEdge edge = edge(BYTES, FIELDS);
                FramePeer client = FramePeer.to(edge.port())) {

            String large = RawClient.exchange(edge.port(), HEAD + "X: " + "y".repeat(190 * 1024) + "\r\n\r\n");
            String many = RawClient.exchange(edge.port(), HEAD + "X: y\r\n".repeat(390) + "\r\n");
            client.headers(1, true, withFields(40, "y".repeat(4000)));
            Answer large2 = client.answer(1);
            client.headers(3, true, withFields(390, "y"));
            Answer many2 = client.answer(3);

            assertThat(large).startsWith("HTTP/1.1 200 ");
            assertThat(many).startsWith("HTTP/1.1 200 ");
            assertThat(large2.status()).isEqualTo("200");
            assertThat(many2.status()).isEqualTo("200");
        }
    }

    @Test
    void who_sends_a_larger_head_is_told_the_limit_and_its_key() throws Exception {
        try (TestEdge edge = edge(8192, FIELDS);
                FramePeer client = FramePeer.to(edge.port())) {

            String answer = RawClient.exchange(edge.port(), HEAD + "X: " + "y".repeat(9000) + "\r\n\r\n");
            client.headers(1, true, withFields(3, "y".repeat(3000)));
            Answer answer2 = client.answer(1);

            assertThat(answer).startsWith("HTTP/1.1 431 ").contains("larger than 8192 bytes (limits.head)");
            assertThat(answer2.status()).isEqualTo("431");
            assertThat(answer2.body()).contains("larger than 8192 bytes (limits.head)");
            assertThat(rails.heads()).isEmpty();
        }
    }

    @Test
    void who_sends_more_fields_is_told_the_limit_and_its_key() throws Exception {
        try (TestEdge edge = edge(BYTES, 20);
                FramePeer client = FramePeer.to(edge.port())) {

            String answer = RawClient.exchange(edge.port(), HEAD + "X: y\r\n".repeat(19) + "\r\n");
            client.headers(1, true, withFields(21, "y"));
            Answer answer2 = client.answer(1);

            assertThat(answer).startsWith("HTTP/1.1 431 ").contains("more than 20 header fields (limits.head-fields)");
            assertThat(answer2.status()).isEqualTo("431");
            assertThat(answer2.body()).contains("more than 20 header fields (limits.head-fields)");
            assertThat(rails.heads()).isEmpty();
        }
    }

    @Test
    void an_answers_head_has_a_limit_of_its_own() throws Exception {
        String large = "HTTP/1.1 200 OK\r\nX: " + "y".repeat(100 * 1024) + "\r\nContent-Length: 0\r\n\r\n";
        try (RawUpstream upstream = RawUpstream.running(connection -> {
                    connection.readHead();
                    connection.write(large);
                });
                TestEdge edge = TestEdge.forwardingTo(upstream.port())) {

            String answer = RawClient.exchange(edge.port(), HEAD + "\r\n");

            assertThat(answer)
                    .startsWith("HTTP/1.1 502 ")
                    .contains("larger than 98304 bytes")
                    .doesNotContain("limits.head");
        }
    }
}
