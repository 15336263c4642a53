package dev.banyan.traffic.forwarding;

import static org.assertj.core.api.Assertions.assertThat;

import dev.banyan.testing.RawClient;
import dev.banyan.testing.RawUpstream;
import dev.banyan.testing.TestEdge;
import dev.banyan.testing.WatchedEdge;
import java.io.IOException;
import java.util.Locale;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Which fields an upstream sees, and which it never does (RFC 9110, 7.6; what Rails believes from anybody). */
class HeaderHygieneTest {
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

    private static String forwarded(String fields) throws IOException {
        return edge.forwarded("GET / HTTP/1.1\r\nHost: a\r\n" + fields + "Connection: close\r\n\r\n");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Keep-Alive: timeout=5",
                "Proxy-Connection: keep-alive",
                "TE: trailers",
                "Upgrade: h2c",
                "HTTP2-Settings: AAMAAABk",
                "Proxy-Authorization: Basic eDp5",
                "Client-Ip: 6.6.6.6",
                "CLIENT-IP: 6.6.6.6",
                "Forwarded: for=6.6.6.6",
                "X-Forwarded-Host: evil",
                "X-Forwarded-Port: 1",
                "X-Forwarded-Ssl: on",
                "X-Forwarded-Scheme: https",
                "X-Forwarded-Server: evil",
                "X-Forwarded-Prefix: /evil",
                "X-Forwarded-By: evil",
                "X-Forwarded-Anything: evil",
                "X-Real-Ip: 6.6.6.6",
                "X-Sendfile-Type: X-Accel-Redirect",
                "X-Sendfile: /etc/passwd",
                "X-Accel-Mapping: /=/",
                "X-Accel-Redirect: /internal",
                "X-Accel-Anything: evil",
                "X-Banyan-Side: modern",
                "X-Banyan-Identity: evil",
                "x-banyan-fence: evil",
                "X_Forwarded_For: 6.6.6.6",
                "X_Forwarded-Proto: https",
                "Content_Length: 1",
                "Transfer_Encoding: chunked",
                "_: x",
                "x_: y",
                "X-Banyan_Side: modern"
            })
    void it_is_never_forwarded(String line) throws IOException {
        String name = line.substring(0, line.indexOf(':') + 1).toLowerCase(Locale.ROOT);

        assertThat(forwarded(line + "\r\n").toLowerCase(Locale.ROOT)).doesNotContain("\r\n" + name);
    }

    @Test
    void what_tells_of_the_client_is_ours_alone() throws IOException {
        String seen = forwarded("X-Forwarded-For: 6.6.6.6\r\nx-forwarded-for: 7.7.7.7\r\nX-Forwarded-Proto: https\r\n");

        assertThat(seen)
                .containsOnlyOnce("X-Forwarded-For: 127.0.0.1\r\n")
                .containsOnlyOnce("X-Forwarded-Proto: http\r\n")
                .doesNotContain("6.6.6.6", "7.7.7.7", "https");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "X-Forwarded-For",
                "x-forwarded-for",
                "X-Forwarded-Proto",
                "X-Request-Id",
                "Via",
                "Host",
                "X-Forwarded-For, X-Forwarded-Proto, Host"
            })
    void connection_cannot_name_away_what_banyan_sets(String named) throws IOException {
        String seen = forwarded("X-Forwarded-For: 6.6.6.6\r\nConnection: " + named + "\r\n");

        assertThat(seen)
                .containsOnlyOnce("\r\nHost: a\r\n")
                .containsOnlyOnce("\r\nX-Forwarded-For: 127.0.0.1\r\n")
                .containsOnlyOnce("\r\nX-Forwarded-Proto: http\r\n")
                .containsOnlyOnce("\r\nX-Request-Id: ")
                .containsOnlyOnce("\r\nVia: 1.1 banyan\r\n")
                .doesNotContain("Connection");
    }

    @Test
    void what_connection_names_is_dropped() throws IOException {
        String options =
                "Connection: x-hop , , X-Other\r\nConnection: \tX-THIRD\r\nConnection: cookie, authorization\r\n";
        String named = "X-Hop: 1\r\nX-Third: 3\r\nCookie: a=b\r\nCookie: c=d\r\nAuthorization: x\r\n";

        String seen = forwarded("x-keep: 2\r\n" + options + named);

        assertThat(seen).contains("x-keep: 2").doesNotContain("Hop", "Third", "Cookie", "Authorization", "Connection");
    }

    @Test
    void connection_cannot_name_away_what_the_decision_was_made_by() throws IOException {
        String seen = forwarded(
                "Content-Type: text/plain\r\nX-HTTP-Method-Override: DELETE\r\nConnection: content-type, x-http-method-override\r\n");

        assertThat(seen).contains("Content-Type: text/plain\r\n", "X-HTTP-Method-Override: DELETE\r\n");
    }

    @Test
    void several_cookie_fields_become_one() throws IOException {
        String seen = forwarded("Cookie: a=b\r\nX: y\r\ncookie: c=d; e=f\r\nCookie: g=h\r\n");

        assertThat(seen)
                .containsOnlyOnce("ookie: ")
                .contains("\r\nCookie: a=b; c=d; e=f; g=h\r\n")
                .contains("\r\nX: y\r\n");
    }

    @Test
    void our_via_comes_after_those_before_us() throws IOException {
        assertThat(forwarded("Via: 1.0 fred\r\n")).containsSubsequence("Via: 1.0 fred\r\n", "Via: 1.1 banyan\r\n");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "abc-DEF_012@x -> abc-DEF_012@x",
                "a b/c\"d -> abcd",
                "{$(x)} -> x",
                "a.b:c;d,e -> abcde",
                "\u00e9t\u00e9 -> t"
            })
    void a_request_id_is_cleaned_as_rails_does(String sentAndSeen) throws IOException {
        String[] ids = sentAndSeen.split(" -> ", -1);

        assertThat(forwarded("X-Request-Id: " + ids[0] + "\r\n")).containsOnlyOnce("X-Request-Id: " + ids[1] + "\r\n");
    }

    @Test
    void a_request_id_is_cut_at_255() throws IOException {
        assertThat(forwarded("X-Request-Id: " + "x".repeat(300) + "\r\n"))
                .contains("X-Request-Id: " + "x".repeat(255) + "\r\n");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "X-Request-Id:\r\n", "X-Request-Id: ...\r\n"})
    void a_request_without_a_usable_id_gets_one(String line) throws IOException {
        assertThat(forwarded(line)).containsPattern("\r\nX-Request-Id: [0-9a-f]{32}\r\n");
    }

    @Test
    void the_same_fields_of_an_answer_stay_behind() throws IOException {
        String hops = "Connection: X-Hop\r\nX-Hop: 1\r\nKeep-Alive: x\r\n";
        String orders = "X-Accel-Redirect: /i\r\nX-Accel-Buffering: no\r\nX-Sendfile: /etc/passwd\r\n";
        String ours = "X-Banyan-Side: modern\r\nX-Banyan-Evil: 1\r\n";
        String kept = "X-Keep: 2\r\nSet-Cookie: a=b\r\nSet-Cookie: c=d\r\nContent-Length: 2\r\n";
        try (RawUpstream rails = RawUpstream.answering("HTTP/1.1 200 OK\r\n" + hops + orders + ours + kept + "\r\nok");
                TestEdge own = TestEdge.forwardingTo(rails.port())) {

            String answer = RawClient.exchange(own.port(), "GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n");

            assertThat(answer)
                    .contains(
                            "X-Keep: 2\r\n", "Set-Cookie: a=b\r\n", "Set-Cookie: c=d\r\n", "X-Banyan-Side: legacy\r\n")
                    .containsOnlyOnce("Content-Length: 2\r\n")
                    .containsOnlyOnce("Connection: ")
                    .doesNotContain("X-Hop", "Keep-Alive", "X-Accel", "X-Sendfile", "modern", "Evil");
        }
    }
}
