package dev.banyan.traffic.shadows;

import static org.assertj.core.api.Assertions.assertThat;

import dev.banyan.routing.file.Reading;
import dev.banyan.routing.file.RoutesFiles;
import dev.banyan.testing.Await;
import dev.banyan.testing.RawClient;
import dev.banyan.testing.ShadowedEdge;
import dev.banyan.testing.StrictUpstream;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** Whatever a route's file says of shadows: no request that may write reaches one side twice, and a copy of one never reaches legacy. */
class NoWriteTwiceTest {
    private static final String FORM = "_method=delete";

    /** By its method on the wire, or by what a header or a form makes of it. */
    private static final Map<String, String> REQUESTS = Map.of(
            "get", "GET /orders HTTP/1.1\r\n%s\r\n",
            "post", "POST /orders HTTP/1.1\r\nContent-Length: 2\r\n%s\r\n{}",
            "delete", "DELETE /orders HTTP/1.1\r\n%s\r\n",
            "header", "POST /orders HTTP/1.1\r\nX-HTTP-Method-Override: DELETE\r\nContent-Length: 2\r\n%s\r\n{}",
            "form",
                    "POST /orders HTTP/1.1\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: "
                            + FORM.length() + "\r\n%s\r\n" + FORM,
            "get with a header", "GET /orders HTTP/1.1\r\nX-HTTP-Method-Override: DELETE\r\n%s\r\n");

    /** What a file may say, whether it makes sense or not. */
    record Said(String writes, String canary, String of, Set<String> methods, boolean safe, String request) {
        String route() {
            return """
                    match: [ GET /orders, POST /orders, DELETE /orders ]
                    writes: %s
                    canary: %s
                    shadow: { share: 100%%, of: %s, methods: [ %s ], writes-are-safe: %s }
                    """.formatted(writes, canary, of, String.join(", ", methods), safe);
        }
    }

    @Provide
    Arbitrary<Said> said() {
        return Combinators.combine(
                        Arbitraries.of("legacy", "modern", "either"),
                        Arbitraries.of("0%", "50%", "100%"),
                        Arbitraries.of("modern", "both"),
                        Arbitraries.of("GET", "HEAD", "POST", "DELETE").set().ofMinSize(1),
                        Arbitraries.of(true, false),
                        Arbitraries.of(REQUESTS.keySet()))
                .as(Said::new);
    }

    @Property(tries = 60)
    void no_request_that_may_write_reaches_a_side_twice(@ForAll("said") Said said) throws Exception {
        if (!isTaken(said)) {
            return;
        }
        try (StrictUpstream legacy = new StrictUpstream();
                StrictUpstream modern = new StrictUpstream()) {
            boolean mayBeCopied;
            try (ShadowedEdge edge = ShadowedEdge.before(legacy.port(), modern.port(), said.route())) {
                String request = REQUESTS.getOrDefault(said.request(), "")
                        .formatted("Host: a\r\nConnection: close\r\nX-User-Id: 7\r\n");
                RawClient.exchange(edge.edge.port(), request);
                mayBeCopied = said.safe()
                        && said.writes().equals("legacy")
                        && said.of().equals("modern");
                if (mayBeCopied
                        && said.request().equals("post")
                        && said.methods().contains("POST")) {
                    Await.until(() -> edge.pairs.size() == 1);
                }
            }

            List<String> toLegacy = writes(legacy);
            List<String> toModern = writes(modern);

            assertThat(toLegacy).as("of %s", said).hasSizeLessThanOrEqualTo(1);
            assertThat(toModern).as("of %s", said).hasSizeLessThanOrEqualTo(1);
            assertThat(toLegacy).as("of %s", said).noneMatch(head -> head.contains("X-Banyan-Shadow"));
            if (!mayBeCopied) {
                assertThat(toLegacy.size() + toModern.size()).as("of %s", said).isLessThanOrEqualTo(1);
            }
        }
    }

    private static List<String> writes(StrictUpstream upstream) {
        return upstream.requests().stream()
                .filter(request -> !request.startsWith("GET ") && !request.startsWith("HEAD "))
                .toList();
    }

    private static boolean isTaken(Said said) {
        String file = """
                banyan: 1
                default: rails
                upstreams:
                  rails: { url: "http://127.0.0.1:1" }
                  orders: { url: "http://127.0.0.1:2" }
                routes:
                  orders:
                    legacy: rails
                    modern: orders
                """ + said.route().indent(4);
        return RoutesFiles.read(new TreeMap<>(Map.of("a.yaml", file))) instanceof Reading.Read;
    }
}
