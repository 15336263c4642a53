package dev.banyan.routing.match;

import static dev.banyan.routing.Tables.match;
import static dev.banyan.routing.Tables.on;
import static dev.banyan.routing.Tables.route;
import static org.assertj.core.api.Assertions.assertThat;

import dev.banyan.routing.PathRules;
import dev.banyan.routing.Route;
import dev.banyan.routing.decide.RequestLine;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What it costs to match a request grows with its length, not with the square of it: one request of a hundred kilobytes would keep
 * an event loop, and everybody on it, for seconds. Such costs would take over ten seconds here; as they are, they take a moment.
 */
final class LongRequestsTest {
    private static final int LENGTH = 90_000;
    private static final int TIMES = 5;
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private static final RouteIndex INDEX = RouteIndex.of(
            List.of(
                    of("items", "GET /items"),
                    of("item", "GET /items/{id}/notes/{note}"),
                    of("api", "GET /api/**"),
                    of("deep", "GET /a/{x}/a/{y}/a/**")),
            PathRules.RAILS);

    private static Route of(String id, String match) {
        return route(id, match).route();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/a",
                "//a",
                "//",
                "/.",
                "/./a",
                "/a/..",
                "/a;",
                "/a;b//",
                ";/",
                "/a;b/..",
                "%3B",
                "/%2e",
                "%2e",
                "/a%2F",
                "/%2Fa//",
                "/%3Ba//",
                "%61",
                "%E2%82%AC",
                "/items/x//",
                ".a",
                ".",
                ";",
                "-.%41",
                "/items.a",
                "~/"
            })
    void a_long_path_is_normalised_and_matched_in_a_moment(String piece) {
        for (String start : List.of("/", "/items/7/notes/", "/api/")) {
            String path = start + piece.repeat((LENGTH - start.length()) / piece.length());

            Assertions.assertTimeoutPreemptively(PATIENCE, () -> {
                for (int i = 0; i < TIMES; i++) {
                    walk(path);
                }
            });
        }
    }

    private static void walk(String path) {
        NormalPath normal = NormalPath.of(path, PathRules.RAILS);
        NormalPath.hasDotSegment(path);
        if (normal instanceof NormalPath.Usable taken) {
            INDEX.find("GET", taken.path(), RequestLine.parse("GET /"), null);
            NormalPath.isUtf8(taken.path());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"a.", ".", "shop.test.", "x"})
    void a_long_host_is_matched_in_a_moment(String piece) {
        RouteIndex index = RouteIndex.of(
                List.of(route("shop").and(on("*.shop.test", match("GET /x"))).route()), PathRules.PLAIN);
        RequestLine request =
                RequestLine.parse("GET /x").withHeader("Host: " + piece.repeat(LENGTH / piece.length()) + "y");

        Assertions.assertTimeoutPreemptively(PATIENCE, () -> {
            for (int i = 0; i < TIMES; i++) {
                assertThat(index.find("GET", "/x", request, null)).isNull();
            }
        });
    }
}
