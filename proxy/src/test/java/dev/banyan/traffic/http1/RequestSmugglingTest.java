package dev.banyan.traffic.http1;

import static org.assertj.core.api.Assertions.assertThat;

import dev.banyan.testing.WatchedEdge;
import java.io.IOException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What two servers could read as different requests goes nowhere (RFC 9112, 6.1, 6.3 and 11.2). */
class RequestSmugglingTest {
    private static final String SMUGGLED = "GET /smuggled HTTP/1.1\r\nHost: a\r\n\r\n";

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

    private static String post(String fields, String body) {
        return "POST /x HTTP/1.1\r\nHost: a\r\n" + fields + "\r\n" + body;
    }

    @Test
    void a_content_length_beside_a_transfer_encoding_is_refused() throws IOException {
        edge.refuses(post("Content-Length: 6\r\nTransfer-Encoding: chunked\r\n", "0\r\n\r\nG" + SMUGGLED), 400);
        edge.refuses(
                post("Transfer-Encoding: chunked\r\nContent-Length: 4\r\n", "5c\r\n" + SMUGGLED + "\r\n0\r\n\r\n"),
                400);
        edge.refuses(post("Transfer-Encoding: chunked\r\nContent-Length: 0\r\n", "0\r\n\r\n"), 400);
        edge.refuses(post("transfer-encoding: chunked\r\ncontent-length: 5\r\n", "0\r\n\r\n"), 400);
        edge.refuses(post("Transfer-Encoding: identity\r\nContent-Length: 5\r\n", "01234"), 400);
        edge.refuses(post("Transfer-Encoding:\r\nContent-Length: 5\r\n", "01234"), 400);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "xchunked",
                "\u000bchunked",
                "\fchunked",
                "chunked\u000b",
                "\"chunked\"",
                "'chunked'",
                "chunked;q=1",
                "chunked; foo=bar",
                "identity",
                "identity, chunked",
                "gzip, chunked",
                "gzip",
                "chunked, gzip",
                "chunked,",
                ",chunked",
                ", chunked",
                "chunked, chunked",
                "chunked,chunked",
                "chunked chunked",
                "chunked identity",
                "chunk",
                "chunkedx",
                "chun ked",
                "chun\tked",
                "",
                " ",
                "\u0000chunked",
                "chunked\u0000",
                "\u00a0chunked",
                "\u00e7hunked",
                "chun\u212aed",
                "[chunked]",
                "chunked\rX: y",
                "chunked\nX: y",
                "\r chunked",
                "\n chunked",
                "\r\n chunked",
                "\r\n\tchunked",
                "chunked\r\n ,identity",
                "\u007fchunked",
                "compress",
                "deflate",
                "trailers",
                "null",
                "*"
            })
    void an_unknown_or_disguised_transfer_encoding_is_refused(String value) throws IOException {
        edge.refuses(post("Transfer-Encoding: " + value + "\r\n", "0\r\n\r\n" + SMUGGLED), 400);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n",
                "Transfer-Encoding: chunked\r\nTransfer-Encoding: identity\r\n",
                "Transfer-Encoding: identity\r\nTransfer-Encoding: chunked\r\n",
                "Transfer-Encoding: chunked\r\nTransfer-encoding: x\r\n",
                "Transfer-Encoding: gzip\r\nTransfer-Encoding: chunked\r\n",
                "Transfer-Encoding: chunked\r\nTransfer-Encoding:\r\n",
                "Transfer-Encoding : chunked\r\n",
                "Transfer-Encoding\t: chunked\r\n",
                "Transfer-Encoding\u000b: chunked\r\n",
                " Transfer-Encoding: chunked\r\n",
                "\tTransfer-Encoding: chunked\r\n",
                "X: y\r\n Transfer-Encoding: chunked\r\n",
                "X: y\nTransfer-Encoding: chunked\r\n",
                "X: y\rTransfer-Encoding: chunked\r\n",
                "X:\nTransfer-Encoding: chunked\r\n",
                "X\nTransfer-Encoding: chunked\r\n",
                "X\r\nTransfer-Encoding: chunked\r\n",
                "Transfer-Encoding\r\n: chunked\r\n",
                "Transfer-Encoding\n: chunked\r\n",
                "Transfer-\u0000Encoding: chunked\r\n",
                "\u0000Transfer-Encoding: chunked\r\n",
                "Transfer-Encoding\u0000: chunked\r\n",
                "\u00a0Transfer-Encoding: chunked\r\n",
                "Transfer Encoding: chunked\r\n",
                "Transfer-Encoding;: chunked\r\n",
                ": chunked\r\n",
                "Content-Length: 5\r\n : 6\r\n"
            })
    void a_transfer_encoding_that_comes_twice_or_in_a_malformed_line_is_refused(String lines) throws IOException {
        edge.refuses(post(lines, "0\r\n\r\n" + SMUGGLED), 400);
    }

    @Test
    void a_transfer_encoding_in_http_1_0_is_refused() throws IOException {
        edge.refuses("POST /x HTTP/1.0\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n" + SMUGGLED, 400);
        edge.refuses(
                "POST /x HTTP/1.0\r\nHost: a\r\nConnection: keep-alive\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
                400);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "+5",
                "-5",
                "-0",
                "0x5",
                "5;",
                "5,",
                ",5",
                "5, 5",
                "5,5",
                "5, 6",
                "5 5",
                "5 6",
                "5\t5",
                "5.0",
                "5e0",
                "5a",
                "a",
                "0b101",
                "0o5",
                "",
                " ",
                "\"5\"",
                "'5'",
                "5\u0000",
                "\u00005",
                "5\u000b",
                "\u000b5",
                "\u00a05",
                "\u0665",
                "\u00b2",
                "9223372036854775808",
                "18446744073709551621",
                "18446744073709551616",
                "99999999999999999999999999999999999999999",
                "4294967301x",
                "5\r",
                "1_0",
                "\r\n 5",
                "five",
                "NaN",
                "infinity"
            })
    void a_content_length_that_is_no_plain_decimal_number_is_refused(String value) throws IOException {
        edge.refuses(post("Content-Length: " + value + "\r\n", "01234" + SMUGGLED), 400);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Content-Length: 5\r\nContent-Length: 5\r\n",
                "Content-Length: 5\r\nContent-Length: 6\r\n",
                "Content-Length: 0\r\nContent-Length: 44\r\n",
                "Content-Length: 5\r\ncontent-length: 5\r\n",
                "Content-Length: 5\r\nX: y\r\nCONTENT-LENGTH: 0\r\n",
                "Content-Length : 5\r\n",
                "Content-Length\t: 5\r\n",
                " Content-Length: 5\r\n",
                "Content-Length\u0000: 5\r\n",
                "Content\u0000-Length: 5\r\n",
                "X: y\nContent-Length: 5\r\n",
                "X: y\rContent-Length: 5\r\n",
                "Content-Length: 5\nX: y\r\n",
                "Content-Length: 5\rX: y\r\n",
                "Content-Length:\r\n 5\r\n",
                "Content-Length: 4\r\n 4\r\n"
            })
    void several_or_malformed_content_length_lines_are_refused(String lines) throws IOException {
        edge.refuses(post(lines, "01234" + SMUGGLED), 400);
    }

    @Test
    void a_length_by_a_name_with_underscores_is_not_forwarded() throws IOException {
        String seen = edge.forwarded("POST /x HTTP/1.1\r\nHost: a\r\nConnection: close\r\nContent_Length: 30\r\n"
                + "Transfer_Encoding: chunked\r\nContent-Length: 5\r\n\r\n01234");

        assertThat(seen).doesNotContain("_").endsWith("Content-Length: 5\r\n\r\n01234");
    }

    @Test
    void a_body_that_looks_like_a_request_stays_a_body() throws IOException {
        String request = post("Connection: close\r\nContent-Length: " + SMUGGLED.length() + "\r\n", SMUGGLED);

        assertThat(edge.forwarded(request)).endsWith("\r\n\r\n" + SMUGGLED);
        assertThat(edge.headsSeen()).hasSize(1);
    }

    @Test
    void a_get_with_a_body_keeps_it() throws IOException {
        String request = "GET /x HTTP/1.1\r\nHost: a\r\nConnection: close\r\nContent-Length: " + SMUGGLED.length()
                + "\r\n\r\n" + SMUGGLED;

        assertThat(edge.forwarded(request)).endsWith("\r\n\r\n" + SMUGGLED);
        assertThat(edge.headsSeen()).hasSize(1);
    }

    @Test
    void what_connection_names_cannot_take_the_framing_away() throws IOException {
        String chunked = edge.forwarded(post(
                "Connection: close, Transfer-Encoding\r\nTransfer-Encoding: chunked\r\n", "3\r\nabc\r\n0\r\n\r\n"));
        String counted = edge.forwarded(post("Connection: close, Content-Length\r\nContent-Length: 3\r\n", "abc"));

        assertThat(chunked).contains("Transfer-Encoding: chunked\r\n").endsWith("\r\n\r\n3\r\nabc\r\n0\r\n\r\n");
        assertThat(counted).contains("Content-Length: 3\r\n").endsWith("\r\n\r\nabc");
    }
}
