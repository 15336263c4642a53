package dev.banyan.traffic.http1;

import static org.assertj.core.api.Assertions.assertThat;

import dev.banyan.testing.WatchedEdge;
import java.io.IOException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Odd, but legal: never refused, and forwarded as it was meant. */
class LegalRequestsTest {
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
                "GET",
                "HEAD",
                "POST",
                "PUT",
                "PATCH",
                "DELETE",
                "OPTIONS",
                "TRACE",
                "PROPFIND",
                "REPORT",
                "LINK",
                "UNLINK",
                "M-SEARCH",
                "get",
                "Get",
                "X",
                "PURGE",
                "BREW",
                "!#$%&'*+-.^_`|~09",
                "GETTING",
                "POS"
            })
    void any_token_is_a_method(String method) throws IOException {
        assertThat(edge.forwarded(method + " /x HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n"))
                .startsWith(method + " /x HTTP/1.1\r\nHost: a\r\n");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/",
                "/?",
                "/?a",
                "/?a?b",
                "/?/../x",
                "/??",
                "/x?q=%00",
                "/x?q=%zz",
                "/x?a[]=1&a[]=2",
                "/x?q=\"<>^`{|}\\",
                "/go/https://x",
                "//",
                "//x",
                "/x//",
                "/a;b=c/d",
                "/a%2Fb",
                "/%7Euser",
                "/~user",
                "/@x",
                "/a:b",
                "/:",
                "/a,b",
                "/!$&'()*+,;=:@-._~",
                "/%E2%82%AC",
                "/%e2%82%ac",
                "/.well-known/x",
                "/...",
                "/..a",
                "/a..",
                "/x.json",
                "/a%20b",
                "/%25",
                "/%252e%252e/",
                "/a|b",
                "/[a]",
                "/%41"
            })
    void any_path_and_query_reach_the_default_as_they_came(String target) throws IOException {
        assertThat(edge.forwarded("GET " + target + " HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n"))
                .startsWith("GET " + target + " HTTP/1.1\r\nHost: a\r\n");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "a",
                "A",
                "shop.test",
                "shop.test.",
                "xn--80ak6aa92e.com",
                "a_b.test",
                "a-b",
                "127.0.0.1",
                "127.0.0.1:80",
                "a:",
                "a:0",
                "a:80",
                "a:00080",
                "a:65535",
                "[::1]",
                "[::1]:3000",
                "[::1]:",
                "[2001:db8::7]",
                "[::ffff:1.2.3.4]",
                "[1:2:3:4:5:6:7:8]",
                "[v1.x]",
                "[vF.a:b]:80",
                "a%20b",
                "a~b",
                "a!b",
                "a=b",
                "a'b"
            })
    void any_host_of_the_grammar_is_forwarded_as_it_came(String host) throws IOException {
        assertThat(edge.forwarded("GET / HTTP/1.1\r\nHost: " + host + "\r\nConnection: close\r\n\r\n"))
                .contains("\r\nHost: " + host + "\r\n");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "X:y",
                "X:",
                "X: ",
                "X:\t",
                "X: \t y \t",
                "X:\ty",
                "X: a\tb",
                "X: \u00e9\u00ff\u0080",
                "X: \"a\\\"b\"",
                "X: ,,,",
                "X: a:b",
                "x-1: :",
                "!#$%&'*+-.^`|~: y",
                "0: y",
                "X: ()<>@,;:\\\"/[]?={}",
                "If-None-Match: *",
                "Range: bytes=0-",
                "Accept: */*;q=0.1",
                "Date: x",
                "Max-Forwards: 0",
                "Content-Type: ",
                "User-Agent: ",
                "Cookie: ",
                "Cookie: a",
                "Pragma:"
            })
    void any_field_line_of_the_grammar_is_forwarded_as_it_came(String line) throws IOException {
        assertThat(edge.forwarded("GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n" + line + "\r\n\r\n"))
                .contains("\r\n" + line + "\r\n");
    }

    @Test
    void options_may_ask_for_the_server_as_a_whole() throws IOException {
        assertThat(edge.forwarded("OPTIONS * HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n"))
                .startsWith("OPTIONS * HTTP/1.1\r\n");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "GET http://a/x?y HTTP/1.1 -> GET /x?y HTTP/1.1",
                "GET HTTP://A/x HTTP/1.1 -> GET /x HTTP/1.1",
                "GET https://a/ HTTP/1.1 -> GET / HTTP/1.1",
                "GET http://a HTTP/1.1 -> GET / HTTP/1.1",
                "GET http://a?x HTTP/1.1 -> GET /?x HTTP/1.1",
                "GET http://a:80/x HTTP/1.1 -> GET /x HTTP/1.1",
                "GET http://a:/x HTTP/1.1 -> GET /x HTTP/1.1",
                "GET https://a:443/x HTTP/1.1 -> GET /x HTTP/1.1",
                "OPTIONS http://a HTTP/1.1 -> OPTIONS * HTTP/1.1",
                "OPTIONS http://a/ HTTP/1.1 -> OPTIONS / HTTP/1.1",
                "OPTIONS http://a?x HTTP/1.1 -> OPTIONS /?x HTTP/1.1"
            })
    void an_absolute_target_is_forwarded_as_a_path(String lines) throws IOException {
        String[] sentAndSeen = lines.split(" -> ", -1);

        assertThat(edge.forwarded(sentAndSeen[0] + "\r\nHost: a\r\nConnection: close\r\n\r\n"))
                .startsWith(sentAndSeen[1] + "\r\nHost: a\r\n");
    }

    @Test
    void a_request_of_http_1_0_needs_no_host() throws IOException {
        assertThat(edge.forwarded("GET /x HTTP/1.0\r\n\r\n"))
                .contains("\r\nHost: 127.0.0.1:" + edge.upstream().port() + "\r\n");
        assertThat(edge.forwarded("GET http://shop.test/x HTTP/1.0\r\n\r\n")).contains("\r\nHost: shop.test\r\n");
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 8})
    void a_few_empty_lines_may_come_before_a_request(int lines) throws IOException {
        String request = "GET /x HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n";

        assertThat(edge.forwarded("\r\n".repeat(lines) + request)).startsWith("GET /x HTTP/1.1\r\n");
    }

    @Test
    void a_head_just_below_the_limit_is_forwarded() throws IOException {
        String longValue = "X: " + "y".repeat(80 * 1024) + "\r\n";
        String longPath = "/" + "y".repeat(8 * 1024) + "?" + "z".repeat(10 * 1024);

        assertThat(edge.forwarded("GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n" + longValue + "\r\n"))
                .contains(longValue);
        assertThat(edge.forwarded("GET " + longPath + " HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n"))
                .contains(longPath);
    }

    @Test
    void a_hundred_names_in_connection_are_dropped() throws IOException {
        StringBuilder names = new StringBuilder("close");
        StringBuilder fields = new StringBuilder();
        for (int i = 1; i < 100; i++) {
            names.append(", X-").append(i);
            fields.append("X-").append(i).append(": ").append(i).append("\r\n");
        }

        assertThat(edge.forwarded("GET / HTTP/1.1\r\nHost: a\r\nConnection: " + names + "\r\n" + fields + "\r\n"))
                .doesNotContain("X-1:")
                .doesNotContain("X-99:");
    }

    @Test
    void two_hundred_fields_are_forwarded() throws IOException {
        StringBuilder fields = new StringBuilder();
        for (int i = 0; i < 200; i++) {
            fields.append("X-").append(i).append(": ").append(i).append("\r\n");
        }

        assertThat(edge.forwarded("GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n" + fields + "\r\n"))
                .contains(fields);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Transfer-Encoding: chunked",
                "transfer-encoding:chunked",
                "Transfer-Encoding: CHUNKED",
                "TRANSFER-ENCODING: \t Chunked \t"
            })
    void chunked_may_be_spelt_in_any_case(String line) throws IOException {
        assertThat(edge.forwarded(
                        "POST / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n" + line + "\r\n\r\n3\r\nabc\r\n0\r\n\r\n"))
                .contains("\r\nTransfer-Encoding: chunked\r\n")
                .endsWith("\r\n\r\n3\r\nabc\r\n0\r\n\r\n");
    }

    @ParameterizedTest
    @ValueSource(strings = {"5", "05", "0000000000000000000000005", " 5 ", "\t5\t"})
    void a_content_length_may_have_leading_zeros_and_space_around_it(String value) throws IOException {
        assertThat(edge.forwarded(
                        "POST / HTTP/1.1\r\nHost: a\r\nConnection: close\r\nContent-Length:" + value + "\r\n\r\n01234"))
                .contains("\r\nContent-Length: 5\r\n")
                .endsWith("\r\n\r\n01234");
    }

    @Test
    void a_post_may_have_no_body_and_a_delete_may_have_one() throws IOException {
        assertThat(edge.forwarded("POST / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n"))
                .doesNotContain("Transfer-Encoding");
        assertThat(edge.forwarded("POST / HTTP/1.1\r\nHost: a\r\nConnection: close\r\nContent-Length: 0\r\n\r\n"))
                .contains("Content-Length: 0\r\n");
        assertThat(edge.forwarded("DELETE / HTTP/1.1\r\nHost: a\r\nConnection: close\r\nContent-Length: 1\r\n\r\nx"))
                .endsWith("\r\n\r\nx");
    }
}
