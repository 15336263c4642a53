package dev.banyan.traffic.http1;

import static org.assertj.core.api.Assertions.assertThat;

import dev.banyan.testing.WatchedEdge;
import java.io.IOException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Request lines, hosts and field lines that are no HTTP/1.1 are refused before anybody else sees them. */
class RequestGrammarTest {
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
                "GET /",
                "GET",
                "GET  / HTTP/1.1",
                "GET /  HTTP/1.1",
                "GET / HTTP/1.1 ",
                " GET / HTTP/1.1",
                "\tGET / HTTP/1.1",
                "GET\t/ HTTP/1.1",
                "GET /\tHTTP/1.1",
                "GET\u000b/ HTTP/1.1",
                "GET / HTTP/1.1\t",
                "GET / HTTP/1.1\r",
                "GET / \rHTTP/1.1",
                "GET /\r HTTP/1.1",
                "GET /a b HTTP/1.1",
                "GET / HTTP/1.1 HTTP/1.1",
                "GET / http/1.1",
                "GET / HTTP/1,1",
                "GET / HTTP/1",
                "GET / HTTP/11",
                "GET / HTTP/1.10",
                "GET / HTTP/01.1",
                "GET / HTTP/+1.1",
                "GET / HTTP/1.x",
                "GET / HTTP /1.1",
                "GET / HTTPS/1.1",
                "GET / ICY/1.1",
                "GET / \u0000HTTP/1.1",
                "/ HTTP/1.1",
                "G(T / HTTP/1.1",
                "G@T / HTTP/1.1",
                "GET: / HTTP/1.1",
                "G\u0000T / HTTP/1.1",
                "G\u00c9T / HTTP/1.1",
                "GET x HTTP/1.1",
                "GET a/b HTTP/1.1",
                "GET ?x HTTP/1.1",
                "GET * HTTP/1.1",
                "OPTIONS ** HTTP/1.1",
                "OPTIONS *x HTTP/1.1",
                "GET /\u0000 HTTP/1.1",
                "GET /\u0001 HTTP/1.1",
                "GET /\u007f HTTP/1.1",
                "GET http://\u00e4.test/ HTTP/1.1",
                "GET \u00e9 HTTP/1.1",
                "OPTIONS *\u00e9 HTTP/1.1",
                "GET /a#b HTTP/1.1",
                "GET /?a#b HTTP/1.1",
                "GET a:80 HTTP/1.1",
                "CONNECT a:80 HTTP/1.1",
                "CONNECT / HTTP/1.1",
                "GET http:/a/ HTTP/1.1",
                "GET http:// HTTP/1.1",
                "GET http:///x HTTP/1.1",
                "GET http://?x HTTP/1.1",
                "GET ftp://a/ HTTP/1.1",
                "GET javascript:alert(1) HTTP/1.1",
                "GET //user@a HTTP/9.x"
            })
    void a_malformed_request_line_is_refused(String line) throws IOException {
        edge.refuses(line + "\r\nHost: a\r\n\r\n", 400);
    }

    @ParameterizedTest
    @ValueSource(strings = {"HTTP/0.9", "HTTP/1.2", "HTTP/1.9", "HTTP/2.0", "HTTP/3.0", "HTTP/9.9", "HTTP/0.0"})
    void an_unknown_version_is_refused_with_505(String version) throws IOException {
        edge.refuses("GET / " + version + "\r\nHost: a\r\n\r\n", 505);
    }

    @Test
    void a_simple_request_of_http_0_9_is_refused() throws IOException {
        edge.refuses("GET /\r\n", 400);
        edge.refuses("GET / \r\n", 400);
        edge.refuses("GET /x\r\nHost: a\r\n\r\n", 400);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "GET / HTTP/1.1\nHost: a\r\n\r\n",
                "GET / HTTP/1.1\r\nHost: a\n\r\n",
                "GET / HTTP/1.1\r\nHost: a\r\n\n\r\n\r\n",
                "GET / HTTP/1.1\nHost: a\n\n",
                "GET / HTTP/1.1\rHost: a\r\r\n\r\n",
                "GET / HTTP/1.1\r\nHost: a\r\r\n\r\n",
                "GET / HTTP/1.1\r\nHost: a\r\n\r\r\n\r\n",
                "GET / HTTP/1.1\r\rHost: a\r\n\r\n",
                "\nGET / HTTP/1.1\r\nHost: a\r\n\r\n",
                "\rGET / HTTP/1.1\r\nHost: a\r\n\r\n",
                "\r\n\nGET / HTTP/1.1\r\nHost: a\r\n\r\n",
                "\r\n\r\n\r\n\r\n\r\n\r\n\r\n\r\n\r\nGET / HTTP/1.1\r\nHost: a\r\n\r\n"
            })
    void a_bare_cr_or_lf_or_a_ninth_empty_line_is_refused(String request) throws IOException {
        edge.refuses(request, 400);
    }

    @Test
    void a_request_without_a_host_is_refused() throws IOException {
        edge.refuses("GET / HTTP/1.1\r\n\r\n", 400);
        edge.refuses("GET http://a/ HTTP/1.1\r\n\r\n", 400);
        edge.refuses("GET / HTTP/1.1\r\nHost : a\r\n\r\n", 400);
        edge.refuses("GET / HTTP/1.1\r\nX-Host: a\r\n\r\n", 400);
    }

    @Test
    void two_hosts_are_refused_also_where_they_are_equal() throws IOException {
        edge.refuses("GET / HTTP/1.1\r\nHost: a\r\nHost: a\r\n\r\n", 400);
        edge.refuses("GET / HTTP/1.1\r\nHost: a\r\nhost: b\r\n\r\n", 400);
        edge.refuses("GET / HTTP/1.0\r\nHost: a\r\nHost: b\r\n\r\n", 400);
        edge.refuses("GET / HTTP/1.1\r\nHost: a\r\nHost:\r\n\r\n", 400);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                "a b",
                "a,b",
                "a, b",
                "a;b",
                "a/b",
                "a/",
                "/a",
                "a?b",
                "a#b",
                "a\\b",
                "a@b",
                "user@a",
                "user:pw@a",
                "@a",
                "a:80:90",
                "a:b",
                "a:80a",
                "a:-1",
                "a:+80",
                "a: 80",
                "a :80",
                "a:65536",
                "a:99999999999999999999",
                ":80",
                ":",
                "::1",
                "[::1",
                "::1]",
                "[::1]x",
                "[::1]80",
                "[::1]:x",
                "[]",
                "[]:80",
                "[a]",
                "[1.2.3.4]",
                "[v1]",
                "[v.x]",
                "[v1.]",
                "[v1.x",
                "[v1.x]y",
                "[v1.%20]",
                "[vg.x]",
                "[:::]",
                "[::::]",
                "[1::2::3]",
                "[1:2:3:4:5:6:7:8:9]",
                "[12345::]",
                "[::1%eth0]",
                "http://a",
                "a\u0000",
                "a\u0000b",
                "\u00e4.test",
                "a<b",
                "a>b",
                "a\"b",
                "a^b",
                "a`b",
                "a{b",
                "a|b",
                "a%",
                "a%2",
                "a%zz",
                "*"
            })
    void a_host_that_is_none_is_refused(String host) throws IOException {
        // The asterisk is a sub-delimiter, so RFC 3986 would let it stand in a name.
        if (host.equals("*")) {
            assertThat(edge.forwarded("GET / HTTP/1.1\r\nConnection: close\r\nHost: *\r\n\r\n"))
                    .contains("Host: *\r\n");
            return;
        }
        edge.refuses("GET / HTTP/1.1\r\nHost: " + host + "\r\n\r\n", 400);
        edge.refuses("GET / HTTP/1.0\r\nHost: " + host + "\r\n\r\n", 400);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "http://b/",
                "http://a.b/",
                "http://a:8080/",
                "https://a:80/",
                "http://a:443/",
                "http://a:8/",
                "http://user@a/",
                "http://a@b/",
                "http://a\\@b/",
                "http://b",
                "http://a,b/",
                "https://b/",
                "HTTP://B/",
                "http://a%20/",
                "http://[::1]/",
                "http://a:b/"
            })
    void an_absolute_target_that_names_another_host_is_refused(String target) throws IOException {
        edge.refuses("GET " + target + " HTTP/1.1\r\nHost: a\r\n\r\n", 400);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"http://user@a/", "http://a\"b/", "http://a:99999/", "http://@/", "http://a|b/", "http://:80/"})
    void an_absolute_target_of_http_1_0_without_host_must_name_a_valid_one(String target) throws IOException {
        edge.refuses("GET " + target + " HTTP/1.0\r\n\r\n", 400);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                " X: y",
                "\tX: y",
                "X : y",
                "X\t: y",
                ": y",
                ":",
                " : y",
                "X",
                "X y",
                "X;: y",
                "X(: y",
                "X@: y",
                "X/Y: y",
                "X\u00e9: y",
                "X\u0000: y",
                "X\u0001: y",
                "X\u007f: y",
                "\"X\": y",
                "X: a\u0000b",
                "X: \u0000",
                "X: a\u0001b",
                "X: a\u0008b",
                "X: a\u000bb",
                "X: a\fb",
                "X: a\u001bb",
                "X: a\u007fb",
                "X: a\rb",
                "X: a\nb",
                "X: a\r",
                "X: y\r\n z",
                "X: y\r\n\tz",
                "X:\r\n y",
                "X: y\r\n ",
                "X: y\r\n \r\n z"
            })
    void a_malformed_field_line_is_refused(String line) throws IOException {
        edge.refuses("GET / HTTP/1.1\r\nHost: a\r\n" + line + "\r\n\r\n", 400);
        edge.refuses("GET / HTTP/1.1\r\n" + line + "\r\nHost: a\r\n\r\n", 400);
    }

    @Test
    void a_head_that_is_too_large_is_refused_with_431() throws IOException {
        edge.refuses("GET / HTTP/1.1\r\nHost: a\r\nX: " + "y".repeat(100 * 1024) + "\r\n\r\n", 431);
        edge.refuses("GET /" + "y".repeat(100 * 1024) + " HTTP/1.1\r\nHost: a\r\n\r\n", 431);
        edge.refuses("GET / HTTP/1.1\r\nHost: a\r\n" + "X".repeat(100 * 1024) + ": y\r\n\r\n", 431);
        edge.refuses("GET / HTTP/1.1\r\nHost: a\r\n" + ("X: " + "y".repeat(1000) + "\r\n").repeat(100) + "\r\n", 431);
    }

    @Test
    void too_many_fields_are_refused_with_431() throws IOException {
        edge.refuses("GET / HTTP/1.1\r\nHost: a\r\n" + "X: y\r\n".repeat(1000) + "\r\n", 431);
    }

    @Test
    void more_names_in_connection_than_anybody_means_are_refused() throws IOException {
        edge.refuses("GET / HTTP/1.1\r\nHost: a\r\nConnection: x" + ", x".repeat(100) + "\r\n\r\n", 400);
        edge.refuses("GET / HTTP/1.1\r\nHost: a\r\n" + "Connection: x, y\r\n".repeat(51) + "\r\n", 400);
        edge.refuses("GET / HTTP/1.1\r\nHost: a\r\nConnection: " + ",".repeat(90_000) + "\r\n\r\n", 400);
    }

    @Test
    void an_expectation_other_than_100_continue_is_refused_with_417() throws IOException {
        edge.refuses("POST / HTTP/1.1\r\nHost: a\r\nExpect: x\r\nContent-Length: 1\r\n\r\n1", 417);
        edge.refuses("POST / HTTP/1.1\r\nHost: a\r\nExpect: 100-continue, x\r\nContent-Length: 1\r\n\r\n1", 417);
        edge.refuses(
                "POST / HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nExpect: 100-continue\r\nContent-Length: 1\r\n\r\n1",
                417);
        edge.refuses("POST / HTTP/1.1\r\nHost: a\r\nExpect: 200-ok\r\nContent-Length: 1\r\n\r\n1", 417);
    }
}
