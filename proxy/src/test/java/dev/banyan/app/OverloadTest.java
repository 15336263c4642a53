package dev.banyan.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.banyan.testing.RawUpstream;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.ByteBufAllocatorMetricProvider;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * More is asked of an upstream than it can do. What counts is how busy it is kept, not how much comes of it in a second: a slow
 * machine makes the upstream slower too.
 */
class OverloadTest {
    private static final int AT_ONCE = 8;
    private static final long SERVICE_NANOS = TimeUnit.MILLISECONDS.toNanos(400);
    private static final double CAPACITY_PER_SECOND = AT_ONCE / 0.4;
    private static final String OK = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";

    /** More than it ever takes, less than one answer kept for each request would. */
    private static final long ROOM_BYTES = 64L << 20;

    @TempDir
    Path directory;

    private final HttpClient http =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final AtomicLong served = new AtomicLong();
    private TestProxy proxy;
    private int working;
    private long changedNanos = System.nanoTime();
    private long workedNanos;

    @BeforeEach
    void start() throws Exception {
        RawUpstream rails = RawUpstream.running(connection -> {
            while (!connection.readHead().isEmpty()) {
                atWork(1);
                parkUntil(System.nanoTime() + SERVICE_NANOS);
                atWork(-1);
                served.incrementAndGet();
                connection.write(OK);
            }
        });
        proxy = new TestProxy(directory, rails, RawUpstream.answering(OK));
        proxy.write("00-platform.yaml", """
                banyan: 1
                default: rails
                upstreams:
                  rails: { url: "http://127.0.0.1:%d", limits: { concurrent: %d } }
                """.formatted(rails.port(), AT_ONCE));
        await().atMost(Duration.ofSeconds(20))
                .until(() -> proxy.admin("GET", "/v1/table", "").body().contains("\"revision\":2"));
    }

    @AfterEach
    void stop() throws IOException {
        proxy.close();
    }

    /** Returns for how long the upstream has worked, each of its threads for itself. */
    private synchronized long atWork(int more) {
        long now = System.nanoTime();
        workedNanos += working * (now - changedNanos);
        changedNanos = now;
        working += more;
        return workedNanos;
    }

    /** What came of a load. */
    private record Outcome(double load, int offered, long served, double busy, int shed, List<Long> waitsMillis) {
        @Override
        public String toString() {
            return String.format(
                    Locale.ROOT,
                    "| %.1f | %d | %d | %.0f%% | %d | %d ms | %d ms |",
                    load,
                    offered,
                    served,
                    busy * 100,
                    shed,
                    waitsMillis.get(waitsMillis.size() / 2),
                    waitsMillis.get(waitsMillis.size() * 99 / 100));
        }
    }

    private record Answer(HttpResponse<String> response, long nanos) {}

    /** Asks so many times what the upstream can do, whatever comes back; the first two seconds are not judged. */
    private Outcome under(double load, Duration judged) {
        List<CompletableFuture<Answer>> lead = offered(load, Duration.ofSeconds(2));
        long begun = System.nanoTime();
        long servedBefore = served.get();
        long busyBefore = atWork(0);

        List<CompletableFuture<Answer>> asked = offered(load, judged);
        double busy = (double) (atWork(0) - busyBefore) / (System.nanoTime() - begun) / AT_ONCE;
        long done = served.get() - servedBefore;

        lead.forEach(CompletableFuture::join);
        List<Answer> answers = asked.stream().map(CompletableFuture::join).toList();
        List<Long> waits = new ArrayList<>();
        int shed = 0;
        for (Answer answer : answers) {
            if (answer.response().statusCode() == 200) {
                waits.add(TimeUnit.NANOSECONDS.toMillis(answer.nanos()));
            } else {
                assertThat(answer.response().statusCode()).isEqualTo(503);
                assertThat(answer.response().headers().firstValue("Retry-After"))
                        .isPresent();
                shed++;
            }
        }
        return new Outcome(
                load, answers.size(), done, busy, shed, waits.stream().sorted().toList());
    }

    private List<CompletableFuture<Answer>> offered(double load, Duration time) {
        long gapNanos = (long) (TimeUnit.SECONDS.toNanos(1) / (load * CAPACITY_PER_SECOND));
        List<CompletableFuture<Answer>> asked = new ArrayList<>();
        long begun = System.nanoTime();
        for (long at = 0; at < time.toNanos(); at += gapNanos) {
            parkUntil(begun + at);
            asked.add(ask());
        }
        return asked;
    }

    private static void parkUntil(long nanos) {
        for (long left = nanos - System.nanoTime(); left > 0; left = nanos - System.nanoTime()) {
            LockSupport.parkNanos(left);
        }
    }

    private CompletableFuture<Answer> ask() {
        long begun = System.nanoTime();
        return http.sendAsync(
                        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + proxy.port() + "/"))
                                .build(),
                        HttpResponse.BodyHandlers.ofString())
                .thenApply(response -> new Answer(response, System.nanoTime() - begun));
    }

    private static long directBytes() {
        return ((ByteBufAllocatorMetricProvider) ByteBufAllocator.DEFAULT)
                .metric()
                .usedDirectMemory();
    }

    @Test
    void four_times_too_much_keeps_the_upstream_as_busy_as_just_enough_and_the_rest_is_shed_in_time() throws Exception {
        Outcome enough = under(1, Duration.ofSeconds(2));

        Outcome tooMuch = under(4, Duration.ofSeconds(2));

        assertThat(tooMuch.busy()).as(enough + "\n" + tooMuch).isGreaterThan(enough.busy() * 0.9);
        // Three quarters have no place; the rest of the bound is for what waits at both ends of the time.
        assertThat(tooMuch.shed()).as(tooMuch.toString()).isGreaterThan(tooMuch.offered() / 2);
        assertThat(proxy.readiness()).isEqualTo(200);
    }

    @Test
    @Tag("full")
    void the_curve() throws Exception {
        long bytesBefore = directBytes();
        StringBuilder curve = new StringBuilder("\n| load | offered | served | busy | shed | p50 | p99 |\n");
        List<Outcome> outcomes = new ArrayList<>();
        for (double load : new double[] {0.5, 1, 2, 4}) {
            CompletableFuture<Outcome> under = CompletableFuture.supplyAsync(() -> under(load, Duration.ofSeconds(20)));
            while (!under.isDone()) {
                assertThat(proxy.readiness()).isEqualTo(200);
                assertThat(proxy.admin("GET", "/v1/upstreams", "").statusCode()).isEqualTo(200);
                parkUntil(System.nanoTime() + SERVICE_NANOS);
            }
            outcomes.add(under.join());
            curve.append(under.join()).append('\n');
        }
        System.out.println(curve);

        double peak = outcomes.stream().mapToDouble(Outcome::busy).max().orElseThrow();
        for (Outcome outcome : outcomes) {
            if (outcome.load() >= 1) {
                assertThat(outcome.busy()).as(curve.toString()).isGreaterThan(peak * 0.9);
            }
        }
        assertThat(outcomes.get(0).shed()).as(curve.toString()).isZero();
        assertThat(directBytes() - bytesBefore).isLessThan(ROOM_BYTES);
    }
}
