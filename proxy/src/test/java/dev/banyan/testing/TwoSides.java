package dev.banyan.testing;

import dev.banyan.dataplane.DataPlane;
import java.io.IOException;
import java.util.List;
import java.util.Optional;

/** An edge in front of a legacy upstream that always answers, and a modern one that does what a test says. */
public final class TwoSides implements AutoCloseable {
    private static final String LEGACY_ANSWER = "HTTP/1.1 200 OK\r\nContent-Length: 6\r\nX-From: legacy\r\n\r\nlegacy";

    private final RawUpstream legacy = RawUpstream.answering(LEGACY_ANSWER);
    private final RecordedExchanges records = new RecordedExchanges();
    private final TestEdge edge;

    /**
     * Everybody is on modern.
     *
     * @param route more keys of the route, a line each
     * @param upstream more keys of the modern upstream, as in a flow map: {@code breaker: { over: 5 }}
     */
    public TwoSides(int modernPort, String route, String upstream) throws IOException {
        edge = TestEdge.with(
                Tables.of("""
                default: rails
                upstreams:
                  rails: { url: "http://127.0.0.1:%d" }
                  modern: { url: "http://127.0.0.1:%d"%s }
                routes:
                  things:
                    match: [ GET /things, POST /things, PUT /things ]
                    legacy: rails
                    modern: modern
                    canary: 100%%
                    writes: modern
                    %s
                """.formatted(legacy.port(), modernPort, upstream.isEmpty() ? "" : ", " + upstream, route)
                        .replace("writes: modern\n    writes:", "writes:")),
                DataPlane.SideTraffic.NONE.seenBy(List.of(records), of -> Optional.empty()));
    }

    public RawUpstream legacy() {
        return legacy;
    }

    public TestEdge edge() {
        return edge;
    }

    /** What became of the requests. */
    public RecordedExchanges records() {
        return records;
    }

    /** The whole answer to a request on a connection of its own. */
    public String get(String... fields) throws IOException {
        return exchange("GET", "", fields);
    }

    public String exchange(String method, String body, String... fields) throws IOException {
        StringBuilder head = new StringBuilder(method + " /things HTTP/1.1\r\nHost: a\r\nConnection: close\r\n");
        for (String field : fields) {
            head.append(field).append("\r\n");
        }
        if (!body.isEmpty()) {
            head.append("Content-Length: ").append(body.length()).append("\r\n");
        }
        return RawClient.exchange(edge.port(), head + "\r\n" + body);
    }

    public double counted(String meter, String... tags) {
        var counter = edge.registry().find(meter).tags(tags).counter();
        return counter == null ? 0 : counter.count();
    }

    @Override
    public void close() throws IOException {
        edge.close();
        legacy.close();
    }
}
