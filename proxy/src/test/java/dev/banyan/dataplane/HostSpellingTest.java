package dev.banyan.dataplane;

import static org.assertj.core.api.Assertions.assertThat;

import dev.banyan.routing.Flags;
import dev.banyan.routing.RoutingTable;
import dev.banyan.routing.Share;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
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
        edge = TestEdge.with(RoutingTable.of(
                1,
                Tables.base(
                        List.of(Tables.upstream("rails", upstream.port()), Tables.upstream("modern", upstream.port())),
                        List.of(Tables.route("api", "modern", Share.ALL, Optional.of("shop.test")))),
                Flags.NONE));
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
