package dev.banyan.traffic.shadows;

import static org.assertj.core.api.Assertions.assertThat;

import dev.banyan.contract.RepeatedAnswer;
import dev.banyan.controlplane.parity.RouteParity;
import dev.banyan.testing.Await;
import dev.banyan.testing.ComparedEdge;
import dev.banyan.testing.RawUpstream;
import dev.banyan.testing.ShadowedEdge;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Legacy is asked twice, to learn what differs by itself; and what must not be asked twice is not: its log is read. */
class NoiseRepeatsTest {
    private static final String OK = "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: 3\r\n\r\n";
    private static final String TWICE = """
            match: [ GET /**, POST /** ]
            writes: legacy
            stick-by: [ header:X-User-Id ]
            shadow: { share: 100%, noise: auto }
            """;

    @Test
    void legacys_second_answer_is_read_beside_its_first_and_its_log_can_tell_it() throws Exception {
        try (RawUpstream legacy = RawUpstream.answering(OK + "old");
                RawUpstream modern = RawUpstream.answering(OK + "new");
                ShadowedEdge edge = ShadowedEdge.before(legacy.port(), modern.port(), TWICE)) {
            edge.get("/orders/1", "X-User-Id: 1", "Cookie: _session=1");
            Await.until(() -> !edge.repeated.isEmpty());
            RepeatedAnswer repeated = edge.repeated.get(0);

            assertThat(new String(repeated.first().body(), StandardCharsets.UTF_8))
                    .isEqualTo("old");
            assertThat(new String(repeated.second().body(), StandardCharsets.UTF_8))
                    .isEqualTo("old");
            assertThat(legacy.heads()).hasSize(2);
            assertThat(legacy.heads().get(0)).doesNotContain("X-Banyan-Shadow");
            assertThat(legacy.heads().get(1))
                    .startsWith("GET /orders/1 HTTP/1.1\r\n")
                    .contains("\r\nX-Banyan-Shadow: 1\r\n", "\r\nCookie: _session=1\r\n");
            assertThat(modern.heads()).hasSize(1);
        }
    }

    static Stream<Arguments> forbidden() {
        String head = "HTTP/1.1 200 OK\r\nContent-Length: 3\r\n";
        return Stream.of(
                Arguments.of("a write", "POST", "/orders", OK, List.of()),
                Arguments.of("a login", "GET", "/users/sign_in", OK, List.of()),
                Arguments.of("a logout", "GET", "/logout", OK, List.of()),
                Arguments.of("a callback", "GET", "/auth/github/callback", OK, List.of()),
                Arguments.of("a secret in the query", "GET", "/orders?reset_token=1", OK, List.of()),
                Arguments.of(
                        "wrong credentials", "GET", "/a", "HTTP/1.1 401 No\r\nContent-Length: 3\r\n\r\n", List.of()),
                Arguments.of(
                        "a locked account", "GET", "/a", "HTTP/1.1 423 No\r\nContent-Length: 3\r\n\r\n", List.of()),
                Arguments.of(
                        "too many requests", "GET", "/a", "HTTP/1.1 429 No\r\nContent-Length: 3\r\n\r\n", List.of()),
                Arguments.of(
                        "a session that begins",
                        "GET",
                        "/a",
                        head + "Set-Cookie: _session=2; path=/\r\n\r\n",
                        List.of()),
                Arguments.of(
                        "a credential that is renewed",
                        "GET",
                        "/a",
                        head + "Set-Cookie: remember_user_token=2; path=/\r\n\r\n",
                        List.of("Cookie: remember_user_token=1")),
                Arguments.of("a GET that wrote", "GET", "/a", head + "X-Banyan-Wrote: 1\r\n\r\n", List.of()));
    }

    /** Whatever it is asked twice for. */
    private static final List<String> REASONS = List.of(
            "share: 100%, noise: auto",
            "share: 100%, noise: off, settle: 10ms", "share: 100%, noise: off, anonymous: 100%");

    static Stream<Arguments> forbiddenWhyever() {
        return forbidden()
                .flatMap(each -> REASONS.stream().map(reason -> {
                    List<Object> all = new ArrayList<>(List.of(reason));
                    all.addAll(Arrays.asList(each.get()));
                    return Arguments.of(all.toArray());
                }));
    }

    @ParameterizedTest(name = "{1}, {0}")
    @MethodSource("forbiddenWhyever")
    void what_must_not_be_asked_twice_is_not(
            String reason, String what, String method, String target, String legacyHead, List<String> fields)
            throws Exception {
        String route = TWICE.replace("share: 100%, noise: auto", reason);
        try (RawUpstream legacy = RawUpstream.answering(head -> (head.contains(" /last ") ? OK : legacyHead) + "old");
                RawUpstream modern = RawUpstream.answering(OK + "new");
                ComparedEdge edge = ComparedEdge.before(legacy.port(), modern.port(), route)) {
            String[] all =
                    Stream.concat(Stream.of("X-User-Id: 1"), fields.stream()).toArray(String[]::new);
            edge.send(method, target, all);
            Await.until(() -> settled(edge, legacy));
            // What is asked in turn: by the time that this is asked twice, that other would have been.
            if (!legacyHead.contains("Wrote")) {
                edge.get("/last", "X-User-Id: 2");
                Await.until(() -> legacy.heads().stream()
                                .filter(head -> head.contains(" /last "))
                                .count()
                        == 2);
            }

            assertThat(legacy.heads().stream()
                            .filter(head -> head.startsWith(method + " " + target + " "))
                            .toList())
                    .as(what)
                    .hasSize(1);
        }
    }

    /** The copy was made and seen, or it is known why there is none. */
    private static boolean settled(ComparedEdge edge, RawUpstream legacy) {
        RouteParity known = edge.now();
        return known.compared() + known.notCompared().size() > 0
                || edge.unmade("secret-query") + edge.unmade("wrote") > 0
                || legacy.heads().get(0).startsWith("POST");
    }

    @Test
    void a_session_that_rails_sends_anew_keeps_nobody_from_being_asked_again() throws Exception {
        String renewed =
                "HTTP/1.1 200 OK\r\nContent-Length: 3\r\nSet-Cookie: _shop_session=2; path=/; HttpOnly\r\n\r\nold";
        try (RawUpstream legacy = RawUpstream.answering(renewed);
                RawUpstream modern = RawUpstream.answering(OK + "new");
                ShadowedEdge edge = ShadowedEdge.before(legacy.port(), modern.port(), TWICE)) {
            edge.get("/orders/1", "X-User-Id: 1", "Cookie: a=b; _shop_session=1");

            Await.until(() -> edge.repeated.size() == 1);
        }
    }

    @Test
    void one_user_is_asked_for_twice_at_most_once_a_minute() throws Exception {
        try (RawUpstream legacy = RawUpstream.answering(OK + "old");
                RawUpstream modern = RawUpstream.answering(OK + "new");
                ShadowedEdge edge = ShadowedEdge.before(legacy.port(), modern.port(), TWICE)) {
            for (int i = 0; i < 6; i++) {
                edge.get("/orders/" + i, "X-User-Id: 1");
            }
            edge.get("/orders/last", "X-User-Id: 2");
            Await.until(() -> edge.pairs.size() == 7
                    && legacy.heads().stream()
                                    .filter(head -> head.contains("/last "))
                                    .count()
                            == 2);

            // Of the first user one, or two where a minute ends just now.
            assertThat(legacy.heads().size() - 7 - 1).isBetween(1, 2);
        }
    }

    @Test
    void where_the_monolith_keeps_the_sessions_nothing_that_has_a_cookie_is_asked_twice() throws Exception {
        try (RawUpstream legacy = RawUpstream.answering(OK + "old");
                RawUpstream modern = RawUpstream.answering(OK + "new");
                ShadowedEdge edge = ShadowedEdge.withSessionsAtLegacy(legacy.port(), modern.port(), TWICE)) {
            edge.get("/orders/1", "X-User-Id: 1", "Cookie: _session=1");
            Await.until(() -> edge.pairs.size() == 1);
            edge.get("/orders/2", "X-User-Id: 2");
            Await.until(() -> edge.repeated.size() == 1);

            assertThat(legacy.heads()).hasSize(3);
            assertThat(legacy.heads().get(2)).startsWith("GET /orders/2 ").doesNotContain("Cookie");
        }
    }

    @Test
    void with_noise_off_nothing_is_asked_twice() throws Exception {
        try (RawUpstream legacy = RawUpstream.answering(OK + "old");
                RawUpstream modern = RawUpstream.answering(OK + "new");
                ShadowedEdge edge =
                        ShadowedEdge.before(legacy.port(), modern.port(), TWICE.replace("noise: auto", "noise: off"))) {
            for (int i = 0; i < 5; i++) {
                edge.get("/orders/1", "X-User-Id: " + i);
            }
            Await.until(() -> edge.pairs.size() == 5);

            assertThat(legacy.heads()).hasSize(5);
        }
    }
}
