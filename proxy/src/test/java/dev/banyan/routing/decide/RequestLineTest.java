package dev.banyan.routing.decide;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RequestLineTest {

    @ParameterizedTest
    @CsvSource({
        "GET /a/b?c=d?e,             GET,  /a/b, c=d?e, localhost",
        "/a,                         GET,  /a,   ,      localhost",
        "POST http://X.test:8080/a,  POST, /a,   ,      x.test",
        "GET https://x.test?q,       GET,  /,    q,     x.test",
        "GET http://[::1]:80/,       GET,  /,    ,      [::1]",
        "OPTIONS *,                  OPTIONS, *, ,      localhost",
        "GET /caf\u00e9?q=\u20ac,     GET,  /caf%C3%A9, q=%E2%82%AC, localhost"
    })
    void a_line_is_taken_apart(String line, String method, String path, String query, String host) {
        RequestLine request = RequestLine.parse(line);

        assertThat(request.method()).isEqualTo(method);
        assertThat(request.rawPath()).isEqualTo(path);
        assertThat(request.rawQuery()).isEqualTo(query);
        assertThat(request.host()).isEqualTo(host);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "GET",
                "GET a",
                "GET /a b",
                "ftp://x/",
                "G(T /",
                "GET /\u0007",
                "GET /\ud800",
                "http:///a",
                "http://u:p@x/",
                "http://\u00e9/"
            })
    void what_is_no_request_is_refused_with_an_example(String line) {
        assertThatThrownBy(() -> RequestLine.parse(line)).hasMessageContaining("such as 'GET /api/accounts'");
    }

    @Test
    void headers_are_found_in_any_case_and_joined() {
        RequestLine request = RequestLine.parse("GET /")
                .withHeader("X-A: 1")
                .withHeader("x-a:2 ")
                .withHeader("Cookie: a=b")
                .withHeader("cookie: c=d")
                .withHeader("Host: Other.test:80");

        assertThat(request.header("x-a")).isEqualTo("1, 2");
        assertThat(request.header("x-b")).isNull();
        assertThat(request.cookies()).isEqualTo("a=b; c=d");
        assertThat(request.host()).isEqualTo("other.test");
    }

    @Test
    void the_host_of_a_url_counts_whatever_the_header_says() {
        RequestLine request = RequestLine.parse("https://X.test:8443/a?b").withHeader("Host: other.test");

        assertThat(request.host()).isEqualTo("x.test");
        assertThat(request.header("host")).isEqualTo("X.test:8443");
        assertThat(request.target()).isEqualTo("/a?b");
        assertThat(request.tls()).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"x", ": 1", "X A: 1", "X-A : 1"})
    void what_is_no_header_is_refused(String header) {
        assertThatThrownBy(() -> RequestLine.parse("/").withHeader(header))
                .hasMessage("'" + header + "' is not a header (expected: 'Name: value')");
    }
}
