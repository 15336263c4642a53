package dev.banyan.processes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.banyan.testing.RawClient;
import dev.banyan.testing.RawUpstream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A process of whose outputs one is taken by nobody any more: all goes on, and it ends when it is told to. */
class OutputsThatStandStillTest {
    private static final String OK = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";

    /** Their arrival is one line of the log, and longer than a pipe of 64 KiB. */
    private static final int ROUTES = 2_500;

    /** Each an event. */
    private static final int CHANGES = 100;

    /** A drain of a second, and what the end may take besides. */
    private static final Duration END = Duration.ofSeconds(10);

    @TempDir
    private Path directory;

    private RunningProxy.Start before(RawUpstream rails) throws IOException {
        return RunningProxy.in(directory).with("--drain-limit=1s").file("00-platform.yaml", """
                banyan: 1
                default: rails
                upstreams:
                  rails: { url: "http://127.0.0.1:%d" }
                  broken:
                    url: http://127.0.0.1:1
                    breaker: { failures: 50%%, over: 10, open-for: 1s }
                routes:
                  things: { match: [ GET /things ], legacy: rails, modern: broken, fallback: off }
                """.formatted(
                        rails.port()));
    }

    @Test
    void a_standard_error_that_nobody_reads() throws Exception {
        // Reads until it is up, then holds the pipe and reads no more.
        String reader = "exec \"$@\" 2> >(grep -m1 --line-buffered 'admin on' >&2; exec tail --pid=$$ -f /dev/null)";
        try (RawUpstream rails = RawUpstream.answering(OK);
                RunningProxy proxy = before(rails)
                        .with("--log-access=off")
                        .by("bash", "-c", reader, "stalled")
                        .start()) {
            Files.writeString(directory.resolve("routes/many.yaml"), many());
            await().atMost(Duration.ofSeconds(30))
                    .until(() -> proxy.admin("GET", "/v1/routes/r0", "").statusCode() == 200);
            everythingGoesOn(proxy);

            itEnds(proxy);
        }
    }

    @Test
    void a_standard_output_that_nobody_reads_with_the_access_log_on_it() throws Exception {
        try (RawUpstream rails = RawUpstream.answering(OK);
                RunningProxy proxy = before(rails)
                        .by("bash", "-c", "exec \"$@\" > >(exec tail --pid=$$ -f /dev/null)", "stalled")
                        .start()) {
            fillTheAccessLog(proxy);
            everythingGoesOn(proxy);

            itEnds(proxy);
        }
    }

    @Test
    void an_access_log_on_a_full_disk() throws Exception {
        try (RawUpstream rails = RawUpstream.answering(OK);
                RunningProxy proxy =
                        before(rails).with("--log-access=/dev/full").start()) {
            everythingGoesOn(proxy);
            await().until(() -> proxy.said("access log could not be written"));
            await().until(() -> proxy.metric("banyan_access_log_dropped_total") > 0);

            itEnds(proxy);
        }
    }

    @Test
    void an_access_log_on_a_pipe_without_a_reader() throws Exception {
        Path pipe = directory.resolve("pipe");
        assertThat(new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor())
                .isZero();
        try (RawUpstream rails = RawUpstream.answering(OK);
                RunningProxy proxy = before(rails).with("--log-access=" + pipe).start()) {
            fillTheAccessLog(proxy);
            everythingGoesOn(proxy);

            itEnds(proxy);
        }
    }

    @Test
    void an_event_stream_and_metrics_that_their_reader_leaves_in_the_socket() throws Exception {
        try (RawUpstream rails = RawUpstream.answering(OK);
                RunningProxy proxy = before(rails).with("--log-access=off").start();
                RawClient watcher = new RawClient(proxy.adminPort(), 1024);
                RawClient scraper = new RawClient(proxy.adminPort(), 1024)) {
            String host = "127.0.0.1:" + proxy.adminPort();
            watcher.send("GET /v1/events HTTP/1.1\r\nHost: " + host + "\r\nAuthorization: Bearer " + proxy.token()
                    + "\r\n\r\n");
            scraper.send(("GET /metrics HTTP/1.1\r\nHost: " + host + "\r\n\r\n").repeat(200));
            assertThat(watcher.readHead()).startsWith("HTTP/1.1 200 ");
            for (int change = 0; change < CHANGES; change++) {
                setCanary(proxy, "things", change % 100 + ".5%");
            }
            everythingGoesOn(proxy);

            itEnds(proxy);
        }
    }

    private static String many() {
        StringBuilder yaml = new StringBuilder("banyan: 1\nroutes:\n");
        for (int route = 0; route < ROUTES; route++) {
            yaml.append("  r%1$d: { match: [ GET /many/%1$d ], legacy: rails }\n".formatted(route));
        }
        return yaml.toString();
    }

    /** More than a pipe of 64 KiB holds, so that its writer stands in the middle of it. */
    private static void fillTheAccessLog(RunningProxy proxy) throws IOException {
        try (RawClient client = new RawClient(proxy.port())) {
            for (int request = 0; request < 600; request++) {
                client.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
                assertThat(client.readHead()).startsWith("HTTP/1.1 200 ");
                assertThat(client.read(2)).isEqualTo("ok");
            }
        }
    }

    private void everythingGoesOn(RunningProxy proxy) throws Exception {
        assertThat(get(proxy, "/")).startsWith("HTTP/1.1 200 ");

        setCanary(proxy, "things", "100%");
        await().until(() -> {
            get(proxy, "/things");
            return proxy.admin("GET", "/v1/upstreams", "").body().contains("\"breaker\":\"open\"");
        });
        assertThat(get(proxy, "/")).startsWith("HTTP/1.1 200 ");

        Files.writeString(directory.resolve("routes/added.yaml"), """
                banyan: 1
                routes: { added: { match: [ GET /added ], legacy: rails } }
                """);
        await().atMost(Duration.ofSeconds(10))
                .until(() -> proxy.admin("GET", "/v1/routes/added", "").statusCode() == 200);

        assertThat(proxy.readiness()).isEqualTo(200);
        assertThat(proxy.liveness()).isEqualTo(200);
    }

    private static void itEnds(RunningProxy proxy) throws Exception {
        long began = System.nanoTime();
        proxy.terminate();

        assertThat(proxy.awaitExit()).isZero();
        assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(END);
    }

    private static void setCanary(RunningProxy proxy, String route, String share) throws Exception {
        assertThat(proxy.admin(
                                "PUT",
                                "/v1/routes/" + route + "/canary",
                                "{\"percent\": %s, \"reason\": \"a test\"}".formatted(share.replace("%", "")))
                        .statusCode())
                .isEqualTo(200);
    }

    private static String get(RunningProxy proxy, String path) throws IOException {
        return RawClient.exchange(proxy.port(), "GET " + path + " HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n");
    }
}
