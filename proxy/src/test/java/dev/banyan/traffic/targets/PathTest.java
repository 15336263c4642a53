package dev.banyan.traffic.targets;

import static org.assertj.core.api.Assertions.assertThat;

import dev.banyan.routing.Flags;
import dev.banyan.routing.RoutingTable;
import dev.banyan.routing.Share;
import dev.banyan.testing.RawClient;
import dev.banyan.testing.StrictUpstream;
import dev.banyan.testing.Tables;
import dev.banyan.testing.TestEdge;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** One normalised path decides, and is what a matched route's upstream gets; the default gets the path as it came. */
class PathTest {
    @SuppressWarnings("NullAway.Init")
    private static StrictUpstream rails;

    @SuppressWarnings("NullAway.Init")
    private static StrictUpstream modern;

    @SuppressWarnings("NullAway.Init")
    private static TestEdge edge;

    @BeforeAll
    static void start() throws IOException {
        rails = new StrictUpstream();
        modern = new StrictUpstream();
        edge = TestEdge.with(RoutingTable.of(
                1,
                Tables.base(
                        List.of(Tables.upstream("rails", rails.port()), Tables.upstream("modern", modern.port())),
                        List.of(Tables.route("api", "modern", Share.ALL))),
                Flags.NONE));
    }

    @AfterAll
    static void stop() throws IOException {
        edge.close();
        rails.close();
        modern.close();
    }

    private static String get(String path) throws IOException {
        rails.forget();
        modern.forget();
        return RawClient.exchange(edge.port(), "GET " + path + " HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/api/x -> /api/x",
                "/api/x?a=%2e%2e -> /api/x?a=%2e%2e",
                "//api//x -> /api/x",
                "/./api/./x -> /api/x",
                "/y/../api/x -> /api/x",
                "/api/y/../x -> /api/x",
                "/%61pi/%78 -> /api/x",
                "/%2e/api/x -> /api/x",
                "/y/%2e%2E/api/x -> /api/x",
                "/y/.%2e/api/x -> /api/x",
                "/api/%e2%82%ac -> /api/%E2%82%AC",
                "/api/a%2fb -> /api/a%2Fb",
                "/api/a;b=c -> /api/a;b=c"
            })
    void a_matched_route_gets_the_normal_path(String sentAndSeen) throws IOException {
        String[] paths = sentAndSeen.split(" -> ", -1);

        String answer = get(paths[0]);

        assertThat(answer).startsWith("HTTP/1.1 200 ").contains("X-Banyan-Route: api\r\n");
        assertThat(modern.heads()).hasSize(1);
        assertThat(modern.heads().get(0)).startsWith("GET " + paths[1] + " HTTP/1.1\r\n");
        assertThat(rails.heads()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/apix",
                "/apix/y",
                "/apix/...",
                "/ap",
                "/API/x",
                "/y/api/x",
                "/go/https://x",
                "/y//z",
                "/%79",
                "/%e2%82%ac",
                "/api%2Fx",
                "/y;a=b//z;c",
                "/y%3Bz",
                "/y/.../z"
            })
    void what_matches_no_route_reaches_the_default_as_it_came(String path) throws IOException {
        String answer = get(path);

        assertThat(answer).startsWith("HTTP/1.1 200 ").contains("X-Banyan-Route: default\r\n");
        assertThat(rails.heads()).hasSize(1);
        assertThat(rails.heads().get(0)).startsWith("GET " + path + " HTTP/1.1\r\n");
        assertThat(modern.heads()).isEmpty();
    }

    /** Whoever resolves no dot segments would run an action of the migrated route; whoever does gets what was decided about. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "/api/../x -> /x",
                "/api/%2e%2e/x -> /x",
                "/api/.%2E/x -> /x",
                "/api/y/../../x -> /x",
                "/api//../x -> /x",
                "/api/./../x -> /x",
                "/%61pi/../x -> /x",
                "/apix/../x -> /x",
                "/./y -> /y",
                "/y/../z -> /z",
                "/y/%2e -> /y/",
                "/y//z/.. -> /y/",
                "/y/..?q=/api/../x -> /?q=/api/../x",
                "/y;a=b/../z;c -> /z;c",
                "http://a/api/../x -> /x"
            })
    void the_default_gets_a_path_with_dot_segments_resolved(String sentAndSeen) throws IOException {
        String[] paths = sentAndSeen.split(" -> ", -1);

        String answer = get(paths[0]);

        assertThat(answer).startsWith("HTTP/1.1 200 ").contains("X-Banyan-Route: default\r\n");
        assertThat(rails.heads()).hasSize(1);
        assertThat(rails.heads().get(0)).startsWith("GET " + paths[1] + " HTTP/1.1\r\n");
        assertThat(modern.heads()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/api/%00",
                "/x%00",
                "/api\\x",
                "/api/\\..\\x",
                "/x%5cy",
                "/api/%5C..%5cx",
                "/api/..;/x",
                "/api/..;a=b/x",
                "/api/.;/x",
                "/api/..%3b/x",
                "/api/%2e%2e;/x",
                "/api/..%2fx",
                "/api/%2e%2e%2fx",
                "/api/..%2F..%2Fx",
                "/x/..%2f",
                "/../x",
                "/..",
                "/api/../../x",
                "/%2e%2e/x",
                "/api/%zz",
                "/api/%",
                "/api/%2",
                "/api/%u0041",
                "/x%",
                "/.;/api/x",
                "/;/api/x",
                "/;a=b/api/x",
                "/y/../;/api/x",
                "/api;a=b/x",
                "/api;/x",
                "/%61pi;a=%2e%2e/x",
                "/api%3Ba=b/x",
                "/api;a=b",
                "/api/;/../x",
                "//;//api;a//x",
                "http://a/api;a=b/x"
            })
    void a_path_that_two_servers_could_read_differently_is_refused(String path) throws IOException {
        String answer = get(path);

        assertThat(answer).startsWith("HTTP/1.1 400 ").contains("\r\nConnection: close\r\n");
        assertThat(rails.heads()).isEmpty();
        assertThat(modern.heads()).isEmpty();
    }
}
