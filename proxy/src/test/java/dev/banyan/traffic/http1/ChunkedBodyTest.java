package dev.banyan.traffic.http1;

import static org.assertj.core.api.Assertions.assertThat;

import dev.banyan.testing.RawClient;
import dev.banyan.testing.WatchedEdge;
import java.io.IOException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Chunked request bodies (RFC 9112, 7.1): what is malformed breaks the request off, what is legal goes on without its extensions. */
class ChunkedBodyTest {
    private static final String HEAD =
            "POST /x HTTP/1.1\r\nHost: a\r\nConnection: close\r\nTransfer-Encoding: chunked\r\n\r\n";

    @SuppressWarnings("NullAway.Init")
    private static WatchedEdge edge;

    @BeforeAll
    static void start() throws IOException {
        edge = new WatchedEdge();
    }

    @AfterAll
    static void stop() throws IOException {
        edge.close();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "3\r\nabc\r\n0\r\n\r\n",
                "03\r\nabc\r\n00\r\n\r\n",
                "000000000000000000000000000003\r\nabc\r\n0000000000000000000000\r\n\r\n",
                "3;x\r\nabc\r\n0\r\n\r\n",
                "3;x=y\r\nabc\r\n0;z=1\r\n\r\n",
                "3;x=\"a;b\\\"c\r\"\r\nabc\r\n0\r\n\r\n",
                "3;x=\"a;b\\\"c\"\r\nabc\r\n0\r\n\r\n",
                "3;x=\"\"\r\nabc\r\n0\r\n\r\n",
                "3 ; x = y\r\nabc\r\n0\r\n\r\n",
                "3\t;\tx\t=\ty;z\r\nabc\r\n0\r\n\r\n",
                "3;x;y;z=1;w=\"2\"\r\nabc\r\n0\r\n\r\n"
            })
    void legal_sizes_and_extensions_are_read_and_written_plainly(String body) throws IOException {
        if (body.contains("\r\"")) {
            edge.refuses(HEAD + body, 400);
            return;
        }
        assertThat(edge.forwarded(HEAD + body)).endsWith("\r\n\r\n3\r\nabc\r\n0\r\n\r\n");
    }

    @Test
    void hexadecimal_digits_may_be_of_either_case() throws IOException {
        String data = "x".repeat(0xAb);

        assertThat(edge.forwarded(HEAD + "aB\r\n" + data + "\r\n0\r\n\r\n"))
                .endsWith("\r\n\r\nab\r\n" + data + "\r\n0\r\n\r\n");
        assertThat(edge.forwarded(HEAD + "AB\r\n" + data + "\r\n0\r\n\r\n"))
                .endsWith("\r\n\r\nab\r\n" + data + "\r\n0\r\n\r\n");
    }

    @Test
    void data_that_looks_like_an_end_is_data() throws IOException {
        assertThat(edge.forwarded(HEAD + "5\r\n0\r\n\r\n\r\n0\r\n\r\n"))
                .endsWith("\r\n\r\n5\r\n0\r\n\r\n\r\n0\r\n\r\n");
    }

    @Test
    void trailers_go_on() throws IOException {
        assertThat(edge.forwarded(HEAD + "3\r\nabc\r\n0\r\nX-Sum: 7\r\nx-empty:\r\n\r\n"))
                .endsWith("\r\n\r\n3\r\nabc\r\n0\r\nX-Sum: 7\r\nx-empty: \r\n\r\n");
    }

    @Test
    void trailers_that_would_count_as_header_fields_are_dropped() throws IOException {
        assertThat(
                        edge.forwarded(
                                HEAD
                                        + "3\r\nabc\r\n0\r\nAuthorization: x\r\nCookie: a=b\r\nX-Banyan-Side: modern\r\nX-Sum: 7\r\n"
                                        + "X-Forwarded-For: 6.6.6.6\r\nX-Forwarded-By: x\r\nX_Sum: 8\r\nClient-Ip: 6.6.6.6\r\nIf-Match: x\r\nRange: x\r\n"
                                        + "Content-Type: x\r\nConnection: x\r\nTE: x\r\nX-Request-Id: x\r\nX-HTTP-Method-Override: DELETE\r\n"
                                        + "X-Accel-Mapping: x\r\nCache-Control: x\r\nExpect: 100-continue\r\nForwarded: for=x\r\nUpgrade: x\r\n\r\n"))
                .endsWith("\r\n\r\n3\r\nabc\r\n0\r\nX-Sum: 7\r\n\r\n");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "\r\nabc\r\n0\r\n\r\n",
                "g\r\nabc\r\n0\r\n\r\n",
                "0x3\r\nabc\r\n0\r\n\r\n",
                "+3\r\nabc\r\n0\r\n\r\n",
                "-3\r\nabc\r\n0\r\n\r\n",
                "-0\r\n\r\n",
                " 3\r\nabc\r\n0\r\n\r\n",
                "\t3\r\nabc\r\n0\r\n\r\n",
                "3 \r\nabc\r\n0\r\n\r\n",
                "3\t\r\nabc\r\n0\r\n\r\n",
                "3 3\r\nabc\r\n0\r\n\r\n",
                "3x\r\nabc\r\n0\r\n\r\n",
                "3_0\r\nabc\r\n0\r\n\r\n",
                "3,\r\nabc\r\n0\r\n\r\n",
                "3\u0000\r\nabc\r\n0\r\n\r\n",
                "3\u000b\r\nabc\r\n0\r\n\r\n",
                "3\nabc\r\n0\r\n\r\n",
                "3\rabc\r\n0\r\n\r\n",
                "3\r\r\nabc\r\n0\r\n\r\n",
                "\n3\r\nabc\r\n0\r\n\r\n",
                "\r\n3\r\nabc\r\n0\r\n\r\n",
                "3;\r\nabc\r\n0\r\n\r\n",
                "3;;\r\nabc\r\n0\r\n\r\n",
                "3;=y\r\nabc\r\n0\r\n\r\n",
                "3;x=\r\nabc\r\n0\r\n\r\n",
                "3; \r\nabc\r\n0\r\n\r\n",
                "3;x \r\nabc\r\n0\r\n\r\n",
                "3;x y\r\nabc\r\n0\r\n\r\n",
                "3;x=y z\r\nabc\r\n0\r\n\r\n",
                "3;x=\"y\r\nabc\r\n0\r\n\r\n",
                "3;x=\"y\"z\r\nabc\r\n0\r\n\r\n",
                "3;x=y\"\r\nabc\r\n0\r\n\r\n",
                "3;x=\"\\\r\nabc\r\n0\r\n\r\n",
                "3;x\nabc\r\n0\r\n\r\n",
                "3;\nx\r\nabc\r\n0\r\n\r\n",
                "3;x\n\r\nabc\r\n0\r\n\r\n",
                "3;x\rabc\r\n0\r\n\r\n",
                "3;x=\"\n\"\r\nabc\r\n0\r\n\r\n",
                "3;x=\"\u0000\"\r\nabc\r\n0\r\n\r\n",
                "3;x\u0000\r\nabc\r\n0\r\n\r\n",
                "3;\u00e9\r\nabc\r\n0\r\n\r\n",
                "8000000000000000\r\nabc\r\n0\r\n\r\n",
                "ffffffffffffffff\r\nabc\r\n0\r\n\r\n",
                "10000000000000003\r\nabc\r\n0\r\n\r\n",
                "100000000000000000000000000000003\r\nabc\r\n0\r\n\r\n",
                "3\r\nabc0\r\n\r\n",
                "3\r\nabcd\r\n0\r\n\r\n",
                "3\r\nabc\n0\r\n\r\n",
                "3\r\nabc\r0\r\n\r\n",
                "3\r\nabc\r\r\n0\r\n\r\n",
                "3\r\nabc \r\n0\r\n\r\n",
                "3\r\nabc\r\n\r\n0\r\n\r\n",
                "4\r\nabc\r\n0\r\n\r\n",
                "2\r\nabc\r\n0\r\n\r\n",
                "3\r\nabc\r\n0\n\r\n",
                "3\r\nabc\r\n0\r\n\n",
                "3\r\nabc\r\n0\r\n\r\r\n",
                "3\r\nabc\r\n0\r\n\rx",
                "3\r\nabc\r\n0 \r\n\r\n",
                "3\r\nabc\r\nx\r\n\r\n",
                "3\r\nabc\r\n0\r\n X: y\r\n\r\n",
                "3\r\nabc\r\n0\r\nX : y\r\n\r\n",
                "3\r\nabc\r\n0\r\nX\r\n\r\n",
                "3\r\nabc\r\n0\r\n: y\r\n\r\n",
                "3\r\nabc\r\n0\r\nX: y\n\r\n",
                "3\r\nabc\r\n0\r\nX: y\r\n z\r\n\r\n",
                "3\r\nabc\r\n0\r\nX: \u0000\r\n\r\n",
                "3\r\nabc\r\n0\r\nGET /smuggled HTTP/1.1\r\n\r\n",
                "3\r\nabc\r\n0\r\nContent-Length: 5\r\n\r\n",
                "3\r\nabc\r\n0\r\nTransfer-Encoding: chunked\r\n\r\n",
                "3\r\nabc\r\n0\r\nHost: b\r\n\r\n"
            })
    void a_malformed_body_breaks_the_request_off(String body) throws IOException {
        String answer = edge.exchange(HEAD + body);

        assertThat(answer).startsWith("HTTP/1.1 400 ").contains("\r\nConnection: close\r\n");
        assertThat(answer.split("HTTP/1\\.1 ", -1)).hasSize(2);
        edge.headsSeen();
        assertThat(edge.upstream().requests())
                .as("whole requests")
                .hasSize(1)
                .allMatch(seen -> seen.startsWith("GET /witness "));
    }

    @Test
    void an_endless_size_line_is_refused() throws IOException {
        edge.refuses(HEAD + "3;" + "x".repeat(5000) + "\r\nabc\r\n0\r\n\r\n", 400);
        edge.refuses(HEAD + "0".repeat(5000) + "3\r\nabc\r\n0\r\n\r\n", 400);
    }

    @Test
    void trailers_that_are_too_large_are_refused() throws IOException {
        assertThat(edge.exchange(HEAD + "0\r\nX: " + "y".repeat(60_000) + "\r\n\r\n"))
                .startsWith("HTTP/1.1 4");
        assertThat(edge.exchange(HEAD + "0\r\n" + "X: y\r\n".repeat(300) + "\r\n"))
                .startsWith("HTTP/1.1 431");
        edge.headsSeen();
        assertThat(edge.upstream().requests()).allMatch(seen -> seen.startsWith("GET /witness "));
    }

    @Test
    void a_body_that_is_cut_off_never_looks_whole_to_the_upstream() throws IOException {
        edge.upstream().forget();
        try (RawClient client = new RawClient(edge.port())) {
            client.send(HEAD + "3\r\nabc\r\n");
        }

        edge.headsSeen();
        assertThat(edge.upstream().requests()).allMatch(seen -> seen.startsWith("GET /witness "));
    }
}
