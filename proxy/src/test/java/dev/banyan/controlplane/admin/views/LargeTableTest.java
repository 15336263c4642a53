package dev.banyan.controlplane.admin.views;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.banyan.controlplane.admin.http.Reply;
import dev.banyan.json.Json;
import dev.banyan.routing.Flag;
import dev.banyan.routing.Flags;
import dev.banyan.routing.RouteFlags;
import dev.banyan.routing.RoutingTable;
import dev.banyan.routing.Share;
import dev.banyan.routing.file.Reading;
import dev.banyan.routing.file.RoutesFiles;
import io.vertx.core.buffer.Buffer;
import java.io.OutputStream;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** What a view of many routes does for each of them, and for those that are not asked for. */
class LargeTableTest {
    private static final int ROUTES = 1_000;

    @Test
    void of_many_routes_few_are_there_as_a_tree_while_all_are_written() {
        AtomicInteger made = new AtomicInteger();
        RoutingTable table = table();
        JsonNode routes = Json.oneByOne(table.routes().values(), route -> {
            made.incrementAndGet();
            return TableJson.route(table, route);
        });

        MostNotWritten most = new MostNotWritten(made);
        Json.writeTo(most, routes);

        assertThat(made).hasValue(ROUTES);
        // What Jackson gathers before it writes is 8 KiB, a dozen of these routes.
        assertThat(most.most).isLessThan(50);
    }

    @Test
    void of_two_tables_no_more_is_compared_than_what_differs() {
        RoutingTable before = table();
        RoutingTable after = RoutingTable.of(2, table().base(), flag("r7"));

        assertThat(MemberDiff.differing(before, after)).containsExactly("r7");
        assertThat(MemberDiff.between(before, after).toString())
                .contains("\"r7\"")
                .doesNotContain("\"r8\"");
    }

    @Test
    void what_is_written_in_pieces_is_the_whole() throws Exception {
        RoutingTable table = table();

        List<Buffer> pieces = Reply.ok(TableJson.of(table)).body();

        Buffer whole = Buffer.buffer();
        pieces.forEach(whole::appendBuffer);
        JsonNode read = Json.read(whole.getBytes());
        assertThat(pieces).hasSizeGreaterThan(5);
        assertThat(read.path("routes")).hasSize(ROUTES);
        assertThat(read.path("routes").path(17).path("id").asText())
                .isEqualTo(List.copyOf(table.routes().keySet()).get(17));
        assertThat(read.path("upstreams")).hasSize(2);
    }

    private static RoutingTable table() {
        String routes = IntStream.range(0, ROUTES)
                .mapToObj(n -> "  r" + n + ": { match: GET /r" + n + ", legacy: rails, modern: modern }\n")
                .collect(Collectors.joining());
        String yaml = """
                banyan: 1
                default: rails
                upstreams: { rails: { url: "http://127.0.0.1:3000" }, modern: { url: "http://127.0.0.1:8081" } }
                routes:
                """ + routes;
        Reading.Read read = (Reading.Read) RoutesFiles.read(new TreeMap<>(Map.of("t.yaml", yaml)));
        return RoutingTable.of(1, read.table(), Flags.NONE);
    }

    private static Flags flag(String route) {
        return Flags.NONE.with(
                route,
                RouteFlags.NONE.withCanary(Optional.of(new Flag<>(Share.ALL, "alice", "because", Instant.EPOCH))));
    }

    /** How many were made at most and not yet written, going by the size of all. */
    private static final class MostNotWritten extends OutputStream {
        private final AtomicInteger made;
        private int seen;
        private int most;

        MostNotWritten(AtomicInteger made) {
            this.made = made;
        }

        @Override
        public void write(int one) {
            throw new AssertionError("byte by byte");
        }

        @Override
        public void write(byte[] bytes, int offset, int count) {
            most = Math.max(most, made.get() - seen);
            seen = made.get();
        }
    }
}
