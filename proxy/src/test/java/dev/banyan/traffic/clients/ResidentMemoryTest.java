package dev.banyan.traffic.clients;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.banyan.processes.RunningProxy;
import dev.banyan.processes.SchedulerTime;
import dev.banyan.testing.Abuse;
import dev.banyan.testing.AbuseTarget;
import dev.banyan.testing.Await;
import dev.banyan.testing.FramePeer;
import dev.banyan.testing.ManyUpstream;
import dev.banyan.testing.Others;
import dev.banyan.testing.TestCertificate;
import java.io.IOException;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What abuse costs a whole process: memory by the kernel's account, and the patience of others.
 *
 * <p>The process has the flags of the image and the memory of the chart. By these the heap has its whole size from the start and is
 * touched, so that it cannot grow, and need not be told apart: whatever grows is memory that abuse takes outside of it. What abuse
 * makes us keep inside the heap shows as the end of the process, which {@code -XX:+ExitOnOutOfMemoryError} brings about. Usual
 * traffic goes first, since buffers and compiled code are taken once and kept.
 *
 * <p>How long others wait is measured beside how long they wait for the upstream itself, and beside how long the proxy's event
 * loops wait for a core: on a machine that is busy with something else all take longer.
 */
class ResidentMemoryTest {
    private static final long ALLOWED_GROWTH_KIB = 32 * 1024;
    private static final Duration LONGEST_WAIT = Duration.ofSeconds(1);
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final Duration SAMPLED = Duration.ofMillis(800);
    private static final Duration WHOLE = Duration.ofSeconds(5);
    private static final int USUAL_CLIENTS = 8;
    private static final int USUAL_ROUNDS = 3;
    private static final int MEBIBYTE = 1 << 20;

    private static Path directory;
    private static ManyUpstream upstream;
    private static ManyUpstream forOthers;
    private static SSLContext trusting;
    private static RunningProxy proxy;

    @BeforeAll
    static void start() throws Exception {
        assumeTrue(Files.exists(Path.of("/proc/self/clear_refs")), "memory is read from /proc");
        directory = Files.createTempDirectory("banyan-abuse");
        upstream = new ManyUpstream();
        forOthers = new ManyUpstream();
        TestCertificate ca = TestCertificate.ca("ca");
        TestCertificate own = ca.signs("localhost");
        trusting = ca.trusted();
        proxy = RunningProxy.in(directory)
                .file("a.yaml", """
                        banyan: 1
                        default: rails
                        upstreams:
                          rails: { url: "http://127.0.0.1:%d", breaker: { failures: 100%% } }
                          others: { url: "http://127.0.0.1:%d" }
                        routes:
                          others:
                            match: GET /other
                            legacy: others
                        """.formatted(upstream.port(), forOthers.port()))
                .with("--tls-listen=127.0.0.1:0")
                .with("--tls-certificates=" + own.writeCertificate(directory.resolve("own.pem")) + ":"
                        + own.writeKey(directory.resolve("own.key")))
                .start();
        for (int round = 0; round < USUAL_ROUNDS; round++) {
            usualTraffic();
        }
    }

    @AfterAll
    static void stop() throws IOException {
        proxy.close();
        upstream.close();
        forOthers.close();
        try (Stream<Path> files = Files.walk(directory)) {
            files.sorted((one, other) -> other.compareTo(one))
                    .forEach(file -> file.toFile().delete());
        }
    }

    private static AbuseTarget target(boolean tls) throws IOException {
        return tls ? new AbuseTarget(proxy.tlsPort(), trusting) : new AbuseTarget(proxy.port(), null);
    }

    /** Small answers and large ones, by every protocol. */
    private static void usualTraffic() throws Exception {
        ExecutorService clients = Executors.newCachedThreadPool();
        List<Future<?>> all = new ArrayList<>();
        for (int i = 0; i < USUAL_CLIENTS; i++) {
            boolean tls = i % 2 == 0;
            all.add(clients.submit(() -> {
                try (AbuseTarget target = target(tls);
                        FramePeer http2 = target.http2(0);
                        Socket http1 = target.http1(0)) {
                    for (int stream = 1; stream < 100; stream += 2) {
                        int bytes = stream % 9 == 0 ? MEBIBYTE : 2;
                        http2.get(stream, "/" + bytes);
                        http2.answer(stream);
                        AbuseTarget.send(http1, "GET /" + bytes + " HTTP/1.1\r\nHost: a\r\n\r\n");
                        http1.getInputStream().readNBytes(bytes);
                    }
                }
                return null;
            }));
        }
        for (Future<?> each : all) {
            each.get();
        }
        clients.shutdown();
    }

    /** One of each kind, and those that once cost too much. */
    static Stream<Abuse> sampled() {
        List<String> names = List.of(
                "endless trailers",
                "bodies in single bytes that nobody takes",
                "slow readers of a large answer",
                "idle connections");
        return Stream.concat(
                Abuse.ofHttp1().filter(abuse -> names.contains(abuse.name())),
                Stream.concat(
                        Abuse.heldByHttp2().filter(abuse -> abuse.name().startsWith("windows of zero")),
                        Abuse.floodsOfHttp2().filter(abuse -> abuse.name().startsWith("rapid-reset"))));
    }

    static Stream<Abuse> sampledWithTls() {
        return Stream.concat(
                Abuse.heldByHttp2().filter(abuse -> abuse.name().matches("(pings|settings), no .*")),
                Abuse.ofHandshakes().filter(abuse -> abuse.name().startsWith("unfinished")));
    }

    static Stream<Abuse> all() {
        return Stream.concat(Stream.concat(Abuse.ofHttp1(), Abuse.heldByHttp2()), Abuse.floodsOfHttp2());
    }

    static Stream<Abuse> allWithTls() {
        return Stream.concat(all(), Abuse.ofHandshakes());
    }

    @ParameterizedTest
    @MethodSource
    void sampled(Abuse abuse) throws Exception {
        costsLittle(abuse, /* tls= */ false, SAMPLED);
    }

    @ParameterizedTest
    @MethodSource
    void sampledWithTls(Abuse abuse) throws Exception {
        costsLittle(abuse, /* tls= */ true, SAMPLED);
    }

    @Tag("full")
    @ParameterizedTest
    @MethodSource
    void all(Abuse abuse) throws Exception {
        costsLittle(abuse, /* tls= */ false, WHOLE);
    }

    @Tag("full")
    @ParameterizedTest
    @MethodSource
    void allWithTls(Abuse abuse) throws Exception {
        costsLittle(abuse, /* tls= */ true, WHOLE);
    }

    private static void costsLittle(Abuse abuse, boolean tls, Duration time) throws Exception {
        double countedBefore = abuse.metric().isEmpty() ? 0 : proxy.metric(abuse.metric());
        SchedulerTime before = SchedulerTime.of(proxy.pid(), "banyan-loop");
        proxy.forgetPeak();
        long residentBefore = proxy.residentKib();
        ExecutorService threads = Executors.newCachedThreadPool();
        AbuseTarget target = target(tls);
        Others direct = new Others(forOthers.port());
        Others http1 = new Others(proxy.port());
        Others http2 = new Others(proxy.port());
        List<Future<?>> others = List.of(
                threads.submit(direct::byHttp1), threads.submit(http1::byHttp1), threads.submit(http2::byHttp2));
        abuse(abuse, target, threads);

        if (abuse.isCrowd()) {
            Await.untilWithin(PATIENCE, target::standing);
        }
        long begun = System.nanoTime();
        Await.untilWithin(
                PATIENCE,
                () -> System.nanoTime() - begun > time.toNanos()
                        && (abuse.metric().isEmpty() || proxy.metric(abuse.metric()) > countedBefore));
        Others.enough(direct, http1, http2);
        long peak = proxy.peakKib();
        target.close();
        for (Future<?> each : others) {
            each.get();
        }
        threads.shutdown();

        double starved =
                SchedulerTime.of(proxy.pid(), "banyan-loop").since(before).stretch();
        long allowedMillis = (long) (LONGEST_WAIT.toMillis() * starved) + direct.longestMillis();
        System.out.printf(
                Locale.ROOT,
                "%s%s: %+.1f MiB; others waited %d ms (HTTP/1), %d ms (HTTP/2), %d ms without the proxy; loops stretched %.1f%n",
                abuse,
                tls ? " with TLS" : "",
                (peak - residentBefore) / 1024.0,
                http1.longestMillis(),
                http2.longestMillis(),
                direct.longestMillis(),
                starved);
        assertThat(peak - residentBefore).as("KiB by %s", abuse).isLessThan(ALLOWED_GROWTH_KIB);
        assertThat(http1.longestMillis()).as("%s and HTTP/1", abuse).isLessThan(allowedMillis);
        assertThat(http2.longestMillis()).as("%s and HTTP/2", abuse).isLessThan(allowedMillis);
    }

    /** Goes on until the target is closed. */
    private static void abuse(Abuse abuse, AbuseTarget target, ExecutorService threads) {
        for (int i = 0; i < abuse.attackers(); i++) {
            threads.execute(() -> {
                while (!target.closed()) {
                    try (AbuseTarget round = target.round()) {
                        abuse.form().against(round);
                    } catch (IOException e) {
                        // ended by the proxy: so it should be; or there is enough of it
                    }
                }
            });
        }
    }
}
