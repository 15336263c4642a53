package dev.banyan.traffic.http2;

import static org.assertj.core.api.Assertions.assertThat;

import dev.banyan.testing.FramePeer;
import dev.banyan.testing.FramePeer.Answer;
import dev.banyan.testing.StrictUpstream;
import dev.banyan.testing.TestEdge;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What HTTP/2 can say and HTTP/1 cannot, or would read in two ways, reaches no upstream. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class Http2RequestRulesTest {
    private static final String[] GET = {":method", "GET", ":scheme", "http", ":authority", "a", ":path", "/"};

    private final StrictUpstream rails;
    private final TestEdge edge;

    Http2RequestRulesTest() throws Exception {
        rails = new StrictUpstream();
        edge = TestEdge.forwardingTo(rails.port());
    }

    @BeforeAll
    void warmUp() throws Exception {
        assertThat(answerTo(GET).status()).isEqualTo("200");
    }

    @AfterAll
    void close() throws Exception {
        edge.close();
        rails.close();
    }

    static Stream<Arguments> malformed() {
        return Stream.of(
                request("a line within a value", "x-a", "1\r\nx-injected: 1"),
                request("LF within a value", "x-a", "1\nx-injected: 1"),
                request("CR within a value", "x-a", "1\rx-injected: 1"),
                request("NUL within a value", "x-a", "1\0"),
                request("a control byte within a value", "x-a", "\u0007"),
                request("white space before a value", "x-a", " 1"),
                request("white space after a value", "x-a", "1\t"),
                request("an empty name", "", "1"),
                request("a name with a line end", "x\r\ny", "1"),
                request("a name with a colon", "x:y", "1"),
                request("a name with a space", "x y", "1"),
                request("an upper-case name", "X-A", "1"),
                request("a name that is not ASCII", "x-\u00e4", "1"),
                request("Transfer-Encoding", "transfer-encoding", "chunked"),
                request("Connection", "connection", "close"),
                request("Connection that names Host", "connection", "host"),
                request("Keep-Alive", "keep-alive", "timeout=5"),
                request("Proxy-Connection", "proxy-connection", "close"),
                request("Upgrade", "upgrade", "h2c"),
                request("TE other than trailers", "te", "trailers, gzip"),
                request("another Host", "host", "b"),
                request("a pseudo field after others", "x-a", "1", ":path", "/b"),
                request("an unknown pseudo field", ":foo", "1"),
                request("a pseudo field of answers", ":status", "200"),
                request("a second path", ":path", "/b"),
                request("a second authority", ":authority", "b"),
                request("a length and no body", "content-length", "5"),
                Arguments.of("no method", new String[] {":scheme", "http", ":authority", "a", ":path", "/"}),
                Arguments.of("no scheme", new String[] {":method", "GET", ":authority", "a", ":path", "/"}),
                Arguments.of("no path", new String[] {":method", "GET", ":scheme", "http", ":authority", "a"}),
                Arguments.of("no fields at all", new String[] {}),
                first("an empty path", "GET", "http", "a", ""),
                first("a path without a slash", "GET", "http", "a", "b"),
                first("a whole URI as path", "GET", "http", "a", "http://b/"),
                first("an asterisk for GET", "GET", "http", "a", "*"),
                first("a path with a line", "GET", "http", "a", "/ HTTP/1.1\r\nX: 1\r\n\r\n"),
                first("a path with a space", "GET", "http", "a", "/a b"),
                first("a path with a fragment", "GET", "http", "a", "/a#b"),
                first("a path with NUL", "GET", "http", "a", "/\0"),
                first("an authority in bytes over 0x7f", "GET", "http", "\u00e4.test", "/"),
                first("a path that begins with a byte over 0x7f", "GET", "http", "a", "\u00e9"),
                first("a path with a byte over 0x7f and a space", "GET", "http", "a", "/\u00e9 b"),
                first("a method with a line", "GET / HTTP/1.1\r\nX: 1", "http", "a", "/"),
                first("a method with a space", "GE T", "http", "a", "/"),
                first("an empty method", "", "http", "a", "/"),
                first("a scheme with a line", "GET", "http\r\nx: 1", "a", "/"),
                first("a scheme that is not of the web", "GET", "file", "a", "/"),
                first("an authority with a line", "GET", "http", "a\r\nx: 1", "/"));
    }

    static Stream<Arguments> refused() {
        return Stream.of(
                first("an authority with a path", "GET", "http", "localhost/x", "/"),
                first("an authority with a user", "GET", "http", "me@a", "/"),
                first("an authority with a port that is none", "GET", "http", "a:b", "/"),
                first("an empty authority", "GET", "http", "", "/"),
                first("two authorities in one", "GET", "http", "a,b", "/"),
                Arguments.of(
                        "no authority and no Host", new String[] {":method", "GET", ":scheme", "http", ":path", "/"}),
                Arguments.of("CONNECT", new String[] {":method", "CONNECT", ":authority", "a:443"}),
                Arguments.of(
                        "two Hosts",
                        new String[] {":method", "GET", ":scheme", "http", ":path", "/", "host", "a", "host", "a"}),
                request("a length that is none", "content-length", "+0"),
                request("two lengths", "content-length", "0", "content-length", "0"),
                first("a path that cannot be normalised", "GET", "http", "a", "/%00"));
    }

    static Stream<Arguments> legal() {
        return Stream.of(
                request("TE: trailers", "te", "trailers"),
                request("the same Host once more", "host", "a"),
                request("an empty value", "x-a", ""),
                request("bytes over 0x7f", "x-a", "\u00e4"),
                request("a tab within a value", "x-a", "1\t2"),
                request("a length of nothing", "content-length", "0"),
                first("an asterisk for OPTIONS", "OPTIONS", "http", "a", "*"),
                first("a query", "GET", "https", "a", "/?a=b&c=/d?e"),
                first("bytes over 0x7f in a path", "GET", "http", "a", "/caf\u00c3\u00a9?\u00ff"),
                first("an IPv6 authority", "GET", "http", "[::1]:8080", "/"),
                first("a method of its own", "PURGE", "HTTP", "a.example", "/"),
                Arguments.of(
                        "Host and no authority",
                        new String[] {":path", "/", ":scheme", "http", ":method", "GET", "host", "a"}));
    }

    private static Arguments request(String what, String... more) {
        List<String> all = new ArrayList<>(List.of(GET));
        all.addAll(List.of(more));
        return Arguments.of(what, all.toArray(new String[0]));
    }

    private static Arguments first(String what, String method, String scheme, String authority, String path) {
        return Arguments.of(
                what, new String[] {":method", method, ":scheme", scheme, ":authority", authority, ":path", path});
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource
    void malformed(String what, String[] fields) throws Exception {
        rails.forget();

        Answer answer = answerTo(fields);

        assertThat(answer.resetBy()).as(what).isEqualTo(FramePeer.PROTOCOL_ERROR);
        assertThat(answer.status()).as(what).isEmpty();
        assertNothingWasForwarded();
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource
    void refused(String what, String[] fields) throws Exception {
        rails.forget();

        Answer answer = answerTo(fields);

        assertThat(answer.status()).as(what).isEqualTo("400");
        assertNothingWasForwarded();
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource
    void legal(String what, String[] fields) throws Exception {
        rails.forget();

        Answer answer = answerTo(fields);

        assertThat(answer.status()).as(what).isEqualTo("200");
        assertThat(rails.requests()).as(what).hasSize(1);
        assertThat(rails.requests().get(0).split("\r\nHost: |\r\nhost: ", -1))
                .as("one Host, " + what)
                .hasSize(2);
    }

    @Test
    void a_body_longer_than_announced_is_reset_and_its_upstream_request_cut() throws Exception {
        rails.forget();
        try (FramePeer client = FramePeer.to(edge.port())) {
            client.post(1, "/", "content-length", "3");
            client.data(1, "four", true);

            assertThat(client.answer(1).resetBy()).isEqualTo(FramePeer.PROTOCOL_ERROR);
        }
        assertNothingWasForwarded();
    }

    @Test
    void a_body_shorter_than_announced_is_reset_and_its_upstream_request_cut() throws Exception {
        rails.forget();
        try (FramePeer client = FramePeer.to(edge.port())) {
            client.post(1, "/", "content-length", "5");
            client.data(1, "four", true);

            assertThat(client.answer(1).resetBy()).isEqualTo(FramePeer.PROTOCOL_ERROR);
        }
        assertNothingWasForwarded();
    }

    @Test
    void trailers_that_would_change_the_message_are_refused() throws Exception {
        for (String name : List.of("content-length", "host", "transfer-encoding", ":path", "X-Upper")) {
            rails.forget();
            try (FramePeer client = FramePeer.to(edge.port())) {
                client.post(1, "/");
                client.data(1, "body", false);
                client.headers(1, true, name, "1");

                assertThat(client.answer(1).resetBy()).as(name).isEqualTo(FramePeer.PROTOCOL_ERROR);
            }
            assertNothingWasForwarded();
        }
    }

    @Test
    void a_head_that_is_too_large_or_has_too_many_fields_gets_431_and_the_connection_goes_on() throws Exception {
        try (FramePeer client = FramePeer.to(edge.port())) {
            // The same again and again is in the table, so that it is small on the wire.
            client.headers(1, true, fieldsWith(30, "v".repeat(4000)));
            Answer tooLarge = client.answer(1);
            client.headers(3, true, fieldsWith(300, "v"));
            Answer tooMany = client.answer(3);
            client.get(5, "/");

            assertThat(tooLarge.status()).isEqualTo("431");
            assertThat(tooMany.status()).isEqualTo("431");
            assertThat(client.answer(5).status()).isEqualTo("200");
        }
    }

    private static String[] fieldsWith(int count, String value) {
        String[] fields = Arrays.copyOf(GET, GET.length + 2 * count);
        for (int i = GET.length; i < fields.length; i += 2) {
            fields[i] = "x-a";
            fields[i + 1] = value;
        }
        return fields;
    }

    private Answer answerTo(String[] fields) throws Exception {
        try (FramePeer client = FramePeer.to(edge.port())) {
            client.headers(1, true, fields);
            return client.answer(1);
        }
    }

    private void assertNothingWasForwarded() throws Exception {
        assertThat(answerTo(new String[] {
                            ":method", "GET", ":scheme", "http", ":authority", "witness", ":path", "/witness"
                        })
                        .status())
                .isEqualTo("200");
        assertThat(rails.requests()).hasSize(1).first().asString().startsWith("GET /witness ");
    }
}
