package dev.banyan.dataplane.observe;

import dev.banyan.contract.ExchangeRecord;
import dev.banyan.dataplane.exchange.GrpcStatus;
import dev.banyan.routing.Side;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;

/** The meters of one route's side at one upstream, found by index: no name is looked up for a request. Each is made when it is first needed. */
final class SideMeters {
    private static final Duration[] BUCKETS = {
        Duration.ofMillis(1), Duration.ofMillis(2), Duration.ofMillis(5), Duration.ofMillis(10), Duration.ofMillis(25),
        Duration.ofMillis(50), Duration.ofMillis(100), Duration.ofMillis(250), Duration.ofMillis(500),
                Duration.ofSeconds(1),
        Duration.ofMillis(2500), Duration.ofSeconds(5), Duration.ofSeconds(10), Duration.ofSeconds(30)
    };
    private static final String[] STATUS_CLASSES = {"none", "1xx", "2xx", "3xx", "4xx", "5xx"};

    private final MeterRegistry registry;
    private final Key key;
    private final AtomicReferenceArray<Timer> requests = new AtomicReferenceArray<>(STATUS_CLASSES.length);
    private final AtomicReferenceArray<Counter> calls = new AtomicReferenceArray<>(GrpcStatus.COUNT);
    private final List<Meter> registered = new ArrayList<>();
    private boolean removed;

    /** Whose they are. */
    record Key(String route, Side side, String upstream) {}

    SideMeters(MeterRegistry registry, Key key) {
        this.registry = registry;
        this.key = key;
    }

    void ended(ExchangeRecord record) {
        int statusClass = record.status() / 100;
        Timer timer = requests.get(statusClass);
        if (timer == null) {
            timer = timer(statusClass);
        }
        if (timer != null) {
            long nanos = record.tunnel()
                    ? record.phases().answered()
                    : record.phases().ended();
            timer.record(nanos, TimeUnit.NANOSECONDS);
        }
        if (record.grpcStatus() >= 0) {
            called(record.grpcStatus());
        }
    }

    private void called(int status) {
        Counter counter = calls.get(status);
        if (counter == null) {
            counter = counter(GrpcStatus.numbered(status));
        }
        if (counter != null) {
            counter.increment();
        }
    }

    private synchronized @Nullable Timer timer(int statusClass) {
        if (removed) {
            return null;
        }
        Timer timer = Timer.builder("banyan.requests")
                .description("Requests, by what the client got, until the answer's last byte was handed to the kernel,"
                        + " or a WebSocket was granted")
                .tag("route", key.route())
                .tag("side", key.side().word())
                .tag("upstream", key.upstream())
                .tag("status", STATUS_CLASSES[statusClass])
                .serviceLevelObjectives(BUCKETS)
                .register(registry);
        requests.set(statusClass, timer);
        registered.add(timer);
        return timer;
    }

    private synchronized @Nullable Counter counter(GrpcStatus status) {
        if (removed) {
            return null;
        }
        Counter counter = Counter.builder("banyan.grpc.calls")
                .description("Calls of gRPC, by the status that the client got")
                .tag("route", key.route())
                .tag("side", key.side().word())
                .tag("upstream", key.upstream())
                .tag("grpc_status", status.name())
                .register(registry);
        calls.set(status.number(), counter);
        registered.add(counter);
        return counter;
    }

    /** For good: an exchange that still ends here is not counted any more. */
    synchronized void remove() {
        removed = true;
        registered.forEach(registry::remove);
    }
}
