package dev.banyan.traffic.targets;

import static org.assertj.core.api.Assertions.assertThat;

import dev.banyan.testing.RawClient;
import dev.banyan.testing.StrictUpstream;
import dev.banyan.testing.Tables;
import dev.banyan.testing.TestEdge;
import java.io.IOException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A route of one host covers every spelling of that host, and no other. */
final class HostSpellingTest {
    @SuppressWarnings("NullAway.Init")
    private static StrictUpstream upstream;

    @SuppressWarnings("NullAway.Init")
    private static TestEdge edge;

    @BeforeAll
    static void start() throws IOException {
        upstream = new StrictUpstream();
        edge = TestEdge.with(Tables.of("""
                default: rails
                upstreams:
                  rails: { url: "http://127.0.0.1:%d" }
                routes:
                  api: { match: { path: /api, host: shop.test }, legacy: rails, writes: legacy }
                  dotted: { match: { path: /api, host: books.test. }, legacy: rails, writes: legacy }
                  below: { match: { path: /api, host: "*.books.test." }, legacy: rails, writes: legacy }
                """.formatted(upstream.port())));
    }

    @AfterAll
    static void stop() throws IOException {
        edge.close();
        upstream.close();
    }

    private static String answerTo(String lines) throws IOException {
        return RawClient.exchange(edge.port(), lines + "\r\nConnection: close\r\n\r\n");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "GET /api HTTP/1.1\r\nHost: shop.test",
                "GET /api HTTP/1.1\r\nHost: SHOP.Test",
                "GET /api HTTP/1.1\r\nHost: shop.test.",
                "GET /api HTTP/1.1\r\nHost: shop.test:80",
                "GET /api HTTP/1.1\r\nHost: shop.test:",
                "GET /api HTTP/1.1\r\nHost: shop.test.:8080",
                "GET http://shop.test/api HTTP/1.1\r\nHost: shop.test",
                "GET http://shop.test:80/api HTTP/1.1\r\nHost: SHOP.test",
                "GET http://shop.test/api HTTP/1.0",
                "GET HTTP://SHOP.TEST.:8080/api HTTP/1.0"
            })
    void a_host_finds_its_route_however_it_is_spelt(String lines) throws IOException {
        assertThat(answerTo(lines)).startsWith("HTTP/1.1 200 ").contains("X-Banyan-Route: api\r\n");
    }

    @ParameterizedTest
    @CsvSource({
        "books.test, dotted",
        "books.test., dotted",
        "Books.Test.:8080, dotted",
        "new.books.test, below",
        "new.books.test., below"
    })
    void a_route_whose_host_has_a_final_dot_is_found_with_and_without_it(String host, String route) throws IOException {
        assertThat(answerTo("GET /api HTTP/1.1\r\nHost: " + host)).contains("X-Banyan-Route: " + route + "\r\n");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "GET /api HTTP/1.1\r\nHost: shop.test.evil",
                "GET /api HTTP/1.1\r\nHost: xshop.test",
                "GET /api HTTP/1.1\r\nHost: shop.test..",
                "GET /api HTTP/1.1\r\nHost: .",
                "GET http://shop.test.evil/api HTTP/1.0",
                "GET /api HTTP/1.0"
            })
    void another_host_does_not(String lines) throws IOException {
        assertThat(answerTo(lines)).startsWith("HTTP/1.1 200 ").contains("X-Banyan-Route: default\r\n");
    }
}
