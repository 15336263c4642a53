package dev.banyan.controlplane.parity;

import static org.assertj.core.api.Assertions.assertThat;

import dev.banyan.contract.SecondLook;
import dev.banyan.contract.SeenAnswer;
import dev.banyan.contract.SeenAnswer.HeaderField;
import dev.banyan.contract.ShadowPair;
import dev.banyan.routing.RoutingTable;
import dev.banyan.routing.Side;
import dev.banyan.testing.Tables;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.locks.LockSupport;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Whatever two sides answer, what is kept of it has an end. */
class HostileAnswersTest {
    private static final long MIB = 1 << 20;
    private static final int ROUTES = 1_200;

    private final SplittableRandom random = new SplittableRandom(17);
    private long second = 1_800_000_000;

    @Test
    void memory_has_an_end() {
        assertThat(grownOver(Duration.ofSeconds(4), Duration.ofSeconds(4))).isLessThan(64 * MIB);
    }

    @Test
    @Tag("full")
    void an_hour_of_hostile_answers_leaves_memory_flat() {
        assertThat(grownOver(Duration.ofMinutes(10), Duration.ofMinutes(50))).isLessThan(8 * MIB);
    }

    private long grownOver(Duration first, Duration then) {
        try (Parity parity = Parity.start(new SimpleMeterRegistry())) {
            parity.inForce(table());
            feed(parity, first);
            long before = used();
            feed(parity, then);
            long after = used();
            System.out.printf("parity after hostile answers: %d KiB, then %d KiB%n", before / 1024, after / 1024);
            return after - before;
        }
    }

    private void feed(Parity parity, Duration time) {
        long end = System.nanoTime() + time.toNanos();
        while (System.nanoTime() - end < 0) {
            // A minute a thousand pairs: hours and days go by, too.
            second += random.nextInt(1_000) == 0 ? 60 : 0;
            if (!parity.read(pair())) {
                LockSupport.parkNanos(1_000_000);
            }
        }
    }

    private static long used() {
        for (int i = 0; i < 4; i++) {
            System.gc();
        }
        return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
    }

    private static RoutingTable table() {
        StringBuilder yaml = new StringBuilder("""
                default: rails
                upstreams:
                  rails: { url: "http://127.0.0.1:1" }
                  orders: { url: "http://127.0.0.1:2" }
                routes:
                """);
        for (int i = 0; i < ROUTES; i++) {
            yaml.append("  r%d: { match: \"GET /r%d/**\", legacy: rails, modern: orders, shadow: { share: 10%% } }\n"
                    .formatted(i, i));
        }
        return Tables.of(1, yaml.toString());
    }

    private ShadowPair pair() {
        SeenAnswer legacy = answer();
        SeenAnswer modern = random.nextInt(4) == 0 ? legacy : answer();
        return new ShadowPair(
                "r" + random.nextInt(ROUTES),
                "GET /r/" + random.nextInt(3),
                random.nextInt(100),
                second,
                random.nextLong(),
                random.nextLong(),
                "id-" + random.nextLong(),
                Side.LEGACY,
                legacy,
                modern,
                SecondLook.NONE);
    }

    private SeenAnswer answer() {
        List<HeaderField> fields = new ArrayList<>();
        fields.add(new HeaderField("Content-Type", random.nextInt(8) == 0 ? word() : "application/json"));
        for (int i = random.nextInt(6); i > 0; i--) {
            fields.add(new HeaderField(random.nextBoolean() ? "ETag" : word(), word()));
        }
        byte[] body = body();
        if (random.nextInt(10) == 0) {
            fields.add(new HeaderField("Content-Encoding", random.nextBoolean() ? "gzip" : "br"));
            body = zipped(body);
        }
        return new SeenAnswer(
                random.nextInt(10) == 0 ? random.nextInt(1_000) : 200,
                fields,
                body,
                random.nextInt(20) == 0 ? word() : "",
                1);
    }

    private byte[] body() {
        return switch (random.nextInt(12)) {
            case 0 -> "[".repeat(random.nextInt(5_000)).getBytes(StandardCharsets.UTF_8);
            case 1 -> ("{\"" + "a".repeat(random.nextInt(20_000)) + "\":1}").getBytes(StandardCharsets.UTF_8);
            case 2 -> new byte[random.nextInt(30_000)];
            default -> json(4).getBytes(StandardCharsets.UTF_8);
        };
    }

    private String json(int depth) {
        if (depth == 0 || random.nextInt(4) == 0) {
            return random.nextBoolean() ? Long.toString(random.nextLong()) : '"' + word() + '"';
        }
        StringBuilder text = new StringBuilder();
        boolean list = random.nextBoolean();
        for (int i = random.nextInt(8); i > 0; i--) {
            text.append(text.length() == 0 ? "" : ",")
                    .append(list ? "" : '"' + word() + "\":")
                    .append(json(depth - 1));
        }
        return list ? "[" + text + "]" : "{" + text + "}";
    }

    private String word() {
        return Long.toString(random.nextLong(), Character.MAX_RADIX);
    }

    private static byte[] zipped(byte[] body) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (GZIPOutputStream out = new GZIPOutputStream(bytes)) {
            out.write(body);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }
}
