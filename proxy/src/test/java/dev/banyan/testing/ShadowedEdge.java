package dev.banyan.testing;

import dev.banyan.contract.ReadBack;
import dev.banyan.contract.RepeatedAnswer;
import dev.banyan.contract.SeenAnswer;
import dev.banyan.contract.ShadowPair;
import dev.banyan.contract.ShadowReader;
import dev.banyan.contract.SkippedCheck;
import dev.banyan.dataplane.DataPlane;
import dev.banyan.dataplane.mirror.CopyRules;
import dev.banyan.routing.RoutingTable;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;

/** An edge before two upstreams, whose copies and what both sides answered can be seen. */
public final class ShadowedEdge implements AutoCloseable {
    public final List<ShadowPair> pairs = new CopyOnWriteArrayList<>();
    public final List<RepeatedAnswer> repeated = new CopyOnWriteArrayList<>();
    public final TestEdge edge;

    private ShadowedEdge(RoutingTable table) throws IOException {
        this(table, CopyRules.USUAL);
    }

    private ShadowedEdge(RoutingTable table, CopyRules rules) throws IOException {
        edge = TestEdge.with(table, DataPlane.SideTraffic.NONE.comparedBy(new Seen(), rules));
    }

    private final class Seen implements ShadowReader {
        @Override
        public boolean read(ShadowPair pair) {
            return pairs.add(pair);
        }

        @Override
        public boolean read(RepeatedAnswer twice) {
            return repeated.add(twice);
        }

        @Override
        public boolean read(ReadBack written) {
            return false;
        }

        @Override
        public void read(SkippedCheck skipped) {
            // Seen by tests that compare.
        }

        @Override
        public boolean resembles(String route, SeenAnswer one, SeenAnswer other, Consumer<Boolean> told) {
            return false;
        }

        @Override
        public long repeatsKnown(String route) {
            return repeated.size();
        }
    }

    /**
     * One route, all of whose requests go to legacy.
     *
     * @param route the keys of the route, each on a line of its own
     */
    public static ShadowedEdge before(int legacyPort, int modernPort, String route) throws IOException {
        return new ShadowedEdge(table(1, legacyPort, modernPort, route));
    }

    /** The same, before a monolith that keeps its sessions itself. */
    public static ShadowedEdge withSessionsAtLegacy(int legacyPort, int modernPort, String route) throws IOException {
        return new ShadowedEdge(table(1, legacyPort, modernPort, route), CopyRules.USUAL.withoutCookies());
    }

    public static RoutingTable table(long revision, int legacyPort, int modernPort, String route) {
        return Tables.of(revision, """
                default: rails
                upstreams:
                  rails: { url: "http://127.0.0.1:%d" }
                  orders: { url: "http://127.0.0.1:%d" }
                routes:
                  orders:
                    legacy: rails
                    modern: orders
                """.formatted(legacyPort, modernPort) + route.indent(4));
    }

    /** What a client gets, over a connection of its own. */
    public String get(String target, String... fields) throws IOException {
        return send("GET", target, fields);
    }

    /** The same by another method, without a body. */
    public String send(String method, String target, String... fields) throws IOException {
        return send(edge, method, target, fields);
    }

    static String send(TestEdge edge, String method, String target, String... fields) throws IOException {
        return RawClient.exchange(
                edge.port(),
                method + " " + target + " HTTP/1.1\r\nHost: shop.test\r\nConnection: close\r\n"
                        + (method.equals("POST") ? "Content-Length: 0\r\n" : "")
                        + (fields.length == 0 ? "" : String.join("\r\n", fields) + "\r\n") + "\r\n");
    }

    public ShadowPair pair() {
        Await.until(() -> !pairs.isEmpty());
        return pairs.get(0);
    }

    /** How many were not made, for that reason. */
    public double unmade(String why) {
        return Gauges.counter(edge, "banyan.shadow.not.made", "why", why);
    }

    @Override
    public void close() throws IOException {
        edge.close();
    }
}
