package dev.banyan.processes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.banyan.testing.RawClient;
import dev.banyan.testing.RawUpstream;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A process that is told to stop while all kinds of clients use it. */
class SigtermUnderLoadTest {
    private static final String WEB_SOCKET =
            "GET /cable HTTP/1.1\r\nHost: a\r\nConnection: upgrade\r\nUpgrade: websocket\r\n"
                    + "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n";
    private static final String GRANTED =
            "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                    + "Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n\r\n";
    private static final int LONG_BYTES = 100_000;

    @TempDir
    private Path directory;

    private final CountDownLatch goOn = new CountDownLatch(1);
    private final ExecutorService threads = Executors.newCachedThreadPool();

    private void serve(RawUpstream.Connection connection) throws IOException {
        for (String head = connection.readHead(); !head.isEmpty(); head = connection.readHead()) {
            if (head.startsWith("GET /cable ")) {
                connection.write(GRANTED);
                connection.readBytes(Integer.MAX_VALUE);
            } else if (head.startsWith("GET /long ")) {
                connection.write("HTTP/1.1 200 OK\r\nContent-Length: " + LONG_BYTES + "\r\n\r\nx");
                awaitQuietly(goOn);
                connection.write("x".repeat(LONG_BYTES - 1));
            } else {
                connection.write("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok");
            }
        }
    }

    @Test
    void nothing_is_cut_that_could_finish_and_who_sends_traffic_hears_of_it_first() throws Exception {
        try (RawUpstream upstream = RawUpstream.running(this::serve);
                RunningProxy proxy = RunningProxy.inFrontOf(directory, upstream.port())
                        .with("--drain-delay=2s")
                        .with("--drain-limit=8s")
                        .start();
                SteadyLoad load = new SteadyLoad(proxy.port()).with(6, "GET", "/");
                RawClient webSocket = new RawClient(proxy.port());
                RawClient longAnswer = new RawClient(proxy.port())) {
            webSocket.socket().setSoTimeout((int) TimeUnit.MINUTES.toMillis(2));
            webSocket.send(WEB_SOCKET);
            assertThat(webSocket.readHead()).startsWith("HTTP/1.1 101 ");
            longAnswer.send("GET /long HTTP/1.1\r\nHost: a\r\n\r\n");
            assertThat(longAnswer.readHead()).startsWith("HTTP/1.1 200 ");
            HttpClient http2 = HttpClient.newHttpClient();
            CompletableFuture<HttpResponse<String>> longByHttp2 = http2.sendAsync(
                    HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + proxy.port() + "/long"))
                            .build(),
                    HttpResponse.BodyHandlers.ofString());
            await().until(() -> upstream.heads().stream()
                            .filter(head -> head.startsWith("GET /long "))
                            .count()
                    == 2);
            load.awaitMore(100);

            proxy.terminate();
            await().atMost(Duration.ofSeconds(60)).until(() -> proxy.readiness() == 503);
            load.awaitRefused();
            goOn.countDown();
            Future<String> farewell = threads.submit(() -> webSocket.read(4));

            assertThat(longAnswer.read(LONG_BYTES)).hasSize(LONG_BYTES);
            assertThat(longByHttp2.get(60, TimeUnit.SECONDS).body()).hasSize(LONG_BYTES);
            assertThat(load.lost()).isEmpty();
            assertThat(farewell.get(60, TimeUnit.SECONDS))
                    .as("Close, 1001")
                    .startsWith("\u0088")
                    .endsWith("\u0003\u00e9");
            assertThat(proxy.awaitExit()).isZero();
        } finally {
            threads.shutdownNow();
        }
    }

    private static void awaitQuietly(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
