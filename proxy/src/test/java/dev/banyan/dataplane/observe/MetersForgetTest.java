package dev.banyan.dataplane.observe;

import static org.assertj.core.api.Assertions.assertThat;

import dev.banyan.contract.LiveUpstreams.Standing;
import dev.banyan.contract.SomeExchange;
import dev.banyan.dataplane.guard.WriteGate;
import dev.banyan.dataplane.loop.Loop;
import dev.banyan.routing.Flags;
import dev.banyan.routing.RoutingTable;
import dev.banyan.routing.Side;
import dev.banyan.routing.file.Reading;
import dev.banyan.routing.file.RoutesFiles;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.netty.channel.DefaultEventLoop;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A table that scripts edit for months has the meters of what it names, and no others. */
class MetersForgetTest {
    private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
    private volatile Instant now = Instant.EPOCH;
    private final Meters meters = new Meters(registry, 1, () -> now, List.of());

    private final DefaultEventLoop eventLoop = new DefaultEventLoop();
    private final Loop loop = new Loop(0, eventLoop, () -> now);

    @BeforeEach
    void start() {
        meters.inForce(table("things", "modern"));
    }

    @AfterEach
    void stop() {
        meters.close();
        eventLoop.shutdownGracefully(0, 1, TimeUnit.SECONDS);
    }

    private static RoutingTable table(String route, String modern) {
        Reading reading = RoutesFiles.read(new TreeMap<>(Map.of("test.yaml", """
                banyan: 1
                default: rails
                upstreams:
                  rails: { url: "http://127.0.0.1:1" }
                  %2$s: { url: "http://127.0.0.1:2" }
                routes:
                  %1$s: { match: GET /%1$s, legacy: rails, modern: %2$s }
                """.formatted(route, modern))));
        return RoutingTable.of(1, ((Reading.Read) reading).table(), Flags.NONE);
    }

    /** As who publishes tables does. */
    private RouteMeters publish(RoutingTable table) {
        table.base()
                .upstreams()
                .keySet()
                .forEach(id -> meters.upstream(id, () -> new Standing("closed", 0, 0, List.of(), Optional.empty())));
        RouteMeters route = table.routes().values().stream()
                .map(each -> meters.route(each.route(), table.revision()))
                .findFirst()
                .orElseThrow();
        table.routes().keySet().forEach(id -> meters.writeGate(id, new WriteGate(System::nanoTime)));
        meters.ofDefault(table.base().defaultUpstream());
        meters.inForce(table);
        return route;
    }

    /** Of every kind of meter that a route or an upstream has, some. */
    private void count(RouteMeters route, String id, String modern) {
        end(route, SomeExchange.of(id).by(Side.MODERN).grpcStatus(0));
        end(route, SomeExchange.of(id).by(Side.LEGACY).status(500));
        meters.attempts().retried(modern, "connect-failed");
        meters.attempts().notRetried(modern, "only-once");
        meters.attempts().fellBack(id, "status-503");
        meters.attempts().notFallenBack(id, "status-503", "off");
        meters.attempts().tunnels(id, Side.MODERN);
    }

    /** As the event loop of the exchange does. */
    private void end(RouteMeters route, SomeExchange exchange) {
        route.count(exchange.record());
        meters.records().offer(loop, exchange.record());
        meters.records().catchUp();
    }

    private void pass(Duration time) {
        now = now.plus(time);
        meters.forget();
    }

    private List<Meter> about(String tag, String value) {
        return registry.getMeters().stream()
                .filter(meter -> value.equals(meter.getId().getTag(tag)))
                .toList();
    }

    @Test
    void what_left_the_table_is_forgotten_after_a_while() {
        count(publish(table("things", "modern")), "things", "modern");

        publish(table("others", "newer"));
        pass(Remembered.AFTER_LEAVING);
        assertThat(about("route", "things")).as("its last numbers").isNotEmpty();
        pass(Duration.ofSeconds(1));

        assertThat(about("route", "things")).isEmpty();
        assertThat(about("upstream", "modern")).isEmpty();
        assertThat(about("route", "others")).isNotEmpty();
        assertThat(meters.traffic().of("things", Side.MODERN).requests()).isZero();
    }

    @Test
    void a_thousand_edits_leave_no_more_than_one_does() {
        for (int i = 0; i < 20; i++) {
            count(publish(table("r" + i, "u" + i)), "r" + i, "u" + i);
            pass(Remembered.AFTER_LEAVING.plusSeconds(1));
            publish(table("none", "none"));
            pass(Remembered.AFTER_LEAVING.plusSeconds(1));
        }
        int after20 = registry.getMeters().size();

        for (int i = 20; i < 1000; i++) {
            count(publish(table("r" + i, "u" + i)), "r" + i, "u" + i);
            publish(table("none", "none"));
            pass(Remembered.AFTER_LEAVING.plusSeconds(1));
        }

        assertThat(registry.getMeters()).hasSize(after20);
    }

    @Test
    void a_route_that_comes_back_soon_goes_on_counting() {
        end(publish(table("things", "modern")), SomeExchange.of("things").by(Side.MODERN));
        publish(table("others", "modern"));
        pass(Remembered.AFTER_LEAVING.minusSeconds(1));

        end(publish(table("things", "modern")), SomeExchange.of("things").by(Side.MODERN));
        pass(Remembered.AFTER_LEAVING.multipliedBy(2));

        assertThat(registry.get("banyan.requests")
                        .tag("route", "things")
                        .timer()
                        .count())
                .isEqualTo(2);
        assertThat(meters.traffic().of("things", Side.MODERN).requests()).isEqualTo(2);
    }

    @Test
    void another_upstream_takes_nothing_from_the_side_that_stays() {
        end(publish(table("things", "modern")), SomeExchange.of("things").by(Side.LEGACY));
        end(publish(table("things", "newer")), SomeExchange.of("things").by(Side.MODERN));
        pass(Remembered.AFTER_LEAVING.multipliedBy(2));

        assertThat(registry.get("banyan.requests")
                        .tag("upstream", "rails")
                        .timer()
                        .count())
                .isEqualTo(1);
        assertThat(about("upstream", "modern")).isEmpty();
    }

    @Test
    void what_a_side_got_at_an_upstream_that_is_forgotten_stays_in_its_traffic() {
        end(publish(table("things", "modern")), SomeExchange.of("things").by(Side.MODERN));
        end(publish(table("things", "newer")), SomeExchange.of("things").by(Side.MODERN));
        pass(Remembered.AFTER_LEAVING.multipliedBy(2));

        assertThat(meters.traffic().of("things", Side.MODERN).requests()).isEqualTo(2);
    }

    @Test
    void a_request_that_ends_after_its_meters_brings_none_back() {
        RouteMeters old = publish(table("things", "modern"));
        publish(table("others", "newer"));
        pass(Remembered.AFTER_LEAVING.multipliedBy(2));

        end(old, SomeExchange.of("things").by(Side.MODERN).status(404).grpcStatus(5));

        assertThat(about("route", "things")).isEmpty();
    }

    @Test
    void a_tunnel_is_shown_for_as_long_as_it_is_open() {
        publish(table("things", "modern"));
        var open = meters.attempts().tunnels("things", Side.MODERN);
        open.incrementAndGet();
        publish(table("others", "newer"));
        pass(Remembered.AFTER_LEAVING.multipliedBy(2));
        assertThat(registry.get("banyan.tunnels").tag("route", "things").gauge().value())
                .isEqualTo(1);

        open.decrementAndGet();
        meters.forget();

        assertThat(about("route", "things")).isEmpty();
    }
}
