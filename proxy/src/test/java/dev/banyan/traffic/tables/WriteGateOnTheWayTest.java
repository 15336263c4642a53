package dev.banyan.traffic.tables;

import static org.assertj.core.api.Assertions.assertThat;

import dev.banyan.contract.WriteGates;
import dev.banyan.routing.BaseTable;
import dev.banyan.routing.Flags;
import dev.banyan.routing.RouteFlags;
import dev.banyan.routing.RoutingTable;
import dev.banyan.routing.Share;
import dev.banyan.routing.Side;
import dev.banyan.routing.Upstream;
import dev.banyan.testing.Await;
import dev.banyan.testing.RawClient;
import dev.banyan.testing.RawUpstream;
import dev.banyan.testing.Tables;
import dev.banyan.testing.TestEdge;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Unsafe requests wait for nothing: while their owner moves they are refused, and everything else goes on. */
class WriteGateOnTheWayTest {
    private static final String OK = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";
    private static final String GET = "GET /orders HTTP/1.1\r\nHost: a\r\n\r\n";
    private static final String POST = "POST /orders HTTP/1.1\r\nHost: a\r\nX-User-Id: %d\r\nContent-Length: 0\r\n\r\n";
    private static final String FORM =
            "POST /orders HTTP/1.1\r\nHost: a\r\nContent-Type: application/x-www-form-urlencoded\r\n"
                    + "Content-Length: 5\r\n\r\n";
    private static final Duration RESPONSE = Duration.ofMillis(400);

    private RawUpstream rails;
    private RawUpstream modern;
    private TestEdge edge;

    @BeforeEach
    void start() throws IOException {
        rails = RawUpstream.answering(OK);
        modern = RawUpstream.answering(OK);
        edge = TestEdge.with(table(1, Side.LEGACY));
    }

    @AfterEach
    void stop() throws IOException {
        edge.close();
        rails.close();
        modern.close();
    }

    private RoutingTable table(long revision, Side owner) {
        Upstream.Timeouts timeouts =
                new Upstream.Timeouts(Duration.ofSeconds(1), RESPONSE, Duration.ofSeconds(60), Optional.empty());
        BaseTable base = Tables.base(
                List.of(
                        Tables.upstream("rails", rails.port(), timeouts, Upstream.Limits.DEFAULT),
                        Tables.upstream("modern", modern.port(), timeouts, Upstream.Limits.DEFAULT)),
                List.of(Tables.route("orders", "modern", Share.ALL)));
        return RoutingTable.of(
                revision, base, Flags.NONE.with("orders", RouteFlags.NONE.withOwner(Optional.of(owner))));
    }

    private WriteGates gates() {
        return edge.plane().writeGates();
    }

    private String headOf(String request) throws IOException {
        try (RawClient client = new RawClient(edge.port())) {
            client.send(request);
            return client.readHead();
        }
    }

    @Test
    void while_it_is_closed_unsafe_requests_get_503_and_reach_nobody() throws IOException {
        gates().close("orders");

        String head = headOf(POST.formatted(7));

        assertThat(head)
                .startsWith("HTTP/1.1 503 ")
                .contains("\r\nRetry-After: 1\r\n")
                .doesNotContain("Set-Cookie");
        assertThat(rails.heads()).isEmpty();
        assertThat(modern.heads()).isEmpty();
        assertThat(gates().state("orders")).isEqualTo(new WriteGates.State(false, 0, 0, 1));
        assertThat(edge.registry()
                        .get("banyan.writes.refused")
                        .tag("route", "orders")
                        .functionCounter()
                        .count())
                .isEqualTo(1);
    }

    @Test
    void reads_and_other_routes_go_on_while_it_is_closed() throws IOException {
        gates().close("orders");

        assertThat(headOf(GET)).startsWith("HTTP/1.1 200 ");
        assertThat(headOf("POST /elsewhere HTTP/1.1\r\nHost: a\r\nContent-Length: 0\r\n\r\n"))
                .startsWith("HTTP/1.1 200 ");
    }

    @Test
    void opened_again_it_lets_them_through() throws IOException {
        gates().close("orders");
        gates().open("orders");

        assertThat(headOf(POST.formatted(7))).startsWith("HTTP/1.1 200 ").contains("X-Banyan-Side: legacy");
        Await.until(() -> gates().state("orders").equals(WriteGates.State.UNUSED));
    }

    @Test
    void a_refused_request_leaves_its_connection_usable() throws IOException {
        gates().close("orders");

        try (RawClient client = new RawClient(edge.port())) {
            client.send(POST.formatted(7));
            assertThat(client.readHead()).startsWith("HTTP/1.1 503 ").doesNotContain("Connection: close");
        }
    }

    @Test
    void one_that_is_under_way_is_counted_until_its_answer_is_whole() throws Exception {
        CountDownLatch answer = new CountDownLatch(1);
        try (RawUpstream slow = RawUpstream.running(connection -> {
            connection.readHead();
            awaitQuietly(answer);
            connection.write(OK);
            connection.readHead();
        })) {
            rails.close();
            rails = slow;
            edge.plane().putInForce(withLongTimeout(table(2, Side.LEGACY)));
            try (RawClient client = new RawClient(edge.port())) {
                client.send(POST.formatted(7));
                Await.until(() -> gates().state("orders").legacy() == 1);
                gates().close("orders");
                answer.countDown();

                assertThat(client.readHead()).startsWith("HTTP/1.1 200 ");
                Await.until(() -> gates().state("orders").underWay() == 0);
            }
        }
    }

    @Test
    void one_whose_client_has_gone_stays_behind_it_as_long_as_its_upstream_may_take() throws Exception {
        CountDownLatch freed = new CountDownLatch(1);
        try (RawUpstream silent = RawUpstream.running(connection -> {
            connection.readHead();
            connection.read();
            freed.countDown();
        })) {
            rails.close();
            rails = silent;
            edge.plane().putInForce(table(2, Side.LEGACY));
            long begun;
            try (RawClient client = new RawClient(edge.port())) {
                client.send(POST.formatted(7));
                Await.until(() -> silent.heads().size() == 1);
                begun = System.nanoTime();
            }
            freed.await();

            Await.until(() -> gates().state("orders").underWay() == 0);

            assertThat(Duration.ofNanos(System.nanoTime() - begun)).isGreaterThanOrEqualTo(RESPONSE);
        }
    }

    @Test
    void one_whose_upstream_closed_the_connection_is_over_at_once() throws Exception {
        try (RawUpstream closing = RawUpstream.running(RawUpstream.Connection::readHead)) {
            rails.close();
            rails = closing;
            edge.plane().putInForce(withLongTimeout(table(2, Side.LEGACY)));

            assertThat(headOf(POST.formatted(7))).startsWith("HTTP/1.1 502 ");

            Await.until(() -> gates().state("orders").underWay() == 0);
        }
    }

    @Test
    void a_form_that_was_held_while_the_owner_moved_goes_to_the_new_owner() throws Exception {
        try (RawClient client = new RawClient(edge.port())) {
            client.send(FORM.replace("\r\n\r\n", "\r\nExpect: 100-continue\r\n\r\n"));
            // Said by who holds the form, so it was decided by the first table that a form is needed.
            assertThat(client.readHead()).startsWith("HTTP/1.1 100 ");
            gates().close("orders");
            edge.plane().putInForce(table(2, Side.MODERN));
            gates().open("orders");

            client.send("a=123");

            assertThat(client.readHead())
                    .startsWith("HTTP/1.1 200 ")
                    .contains("X-Banyan-Side: modern", "X-Banyan-Revision: 2");
            assertThat(rails.heads()).noneMatch(head -> head.startsWith("POST"));
        }
    }

    @Test
    void what_modern_is_sent_is_counted_with_its_users() throws IOException {
        edge.plane().putInForce(table(2, Side.MODERN));
        for (int write = 0; write < 6; write++) {
            headOf(POST.formatted(write % 3));
        }
        headOf(FORM + "a=123");
        headOf(GET);

        Await.until(() -> gates().state("orders").underWay() == 0);

        WriteGates.Written written = gates().writtenToModern("orders");
        assertThat(written.writes()).isEqualTo(7);
        assertThat(written.ofNobody()).isEqualTo(1);
        assertThat(written.users().estimate()).isEqualTo(3);
    }

    @Test
    void what_modern_never_saw_is_not_counted() throws IOException {
        modern.close();
        edge.plane().putInForce(table(2, Side.MODERN));

        assertThat(headOf(POST.formatted(7))).startsWith("HTTP/1.1 502 ");

        Await.until(() -> gates().state("orders").underWay() == 0);
        assertThat(gates().writtenToModern("orders").writes()).isZero();
    }

    private RoutingTable withLongTimeout(RoutingTable table) {
        BaseTable base = Tables.base(
                List.of(Tables.upstream("rails", rails.port()), Tables.upstream("modern", modern.port())),
                List.of(Tables.route("orders", "modern", Share.ALL)));
        return RoutingTable.of(table.revision(), base, table.flags());
    }

    private static void awaitQuietly(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
