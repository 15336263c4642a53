package dev.banyan.traffic.failures;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.banyan.testing.RawClient;
import dev.banyan.testing.RawUpstream;
import dev.banyan.testing.Tables;
import dev.banyan.testing.TestEdge;
import dev.banyan.testing.TwoSides;
import java.io.IOException;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** An upstream's process is killed under load: what the kernel does then is close its listener and all of its connections at once. */
class KilledUpstreamTest {
    private static final int CLIENTS = 6;
    private static final String OK = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";

    /** Clients that ask again and again over kept connections, and what they got but 200. */
    private static final class Load implements AutoCloseable {
        private final AtomicBoolean enough = new AtomicBoolean();
        private final AtomicInteger answered = new AtomicInteger();
        private final Map<String, Integer> lost = new ConcurrentHashMap<>();
        private final ExecutorService clients = Executors.newFixedThreadPool(CLIENTS);

        Load(int port, String request) {
            for (int i = 0; i < CLIENTS; i++) {
                clients.execute(() -> run(port, request));
            }
        }

        private void run(int port, String request) {
            try (RawClient client = new RawClient(port)) {
                while (!enough.get()) {
                    client.send(request);
                    String head = client.readHead();
                    client.read(Integer.parseInt(head.replaceAll("(?s).*Content-Length: (\\d+).*", "$1")));
                    if (head.startsWith("HTTP/1.1 200 ")) {
                        answered.incrementAndGet();
                    } else {
                        lost.merge(head, 1, Integer::sum);
                    }
                }
            } catch (IOException e) {
                lost.merge(e.toString(), 1, Integer::sum);
            }
        }

        void awaitMore() {
            int before = answered.get();
            await().atMost(60, TimeUnit.SECONDS).until(() -> answered.get() > before + 200 || !lost.isEmpty());
        }

        Map<String, Integer> lost() {
            return lost;
        }

        @Override
        public void close() {
            enough.set(true);
            clients.shutdown();
            await().atMost(30, TimeUnit.SECONDS).until(clients::isTerminated);
        }
    }

    @Test
    void one_of_two_endpoints_is_killed_and_no_idempotent_request_is_lost() throws IOException {
        try (RawUpstream staying = RawUpstream.answering(OK);
                RawUpstream killed = RawUpstream.answering(OK);
                TestEdge edge = TestEdge.with(Tables.of("""
                        default: rails
                        upstreams:
                          rails: { endpoints: [ "http://127.0.0.1:%d", "http://127.0.0.1:%d" ] }
                        """.formatted(staying.port(), killed.port())));
                Load load = new Load(edge.port(), "GET / HTTP/1.1\r\nHost: a\r\n\r\n")) {
            load.awaitMore();
            assertThat(killed.heads()).isNotEmpty();

            killed.kill();
            load.awaitMore();

            assertThat(load.lost()).isEqualTo(Map.of());
        }
    }

    @Test
    void the_modern_service_is_killed_and_what_may_be_asked_again_is_answered_by_legacy() throws IOException {
        try (RawUpstream modern = RawUpstream.answering(OK);
                TwoSides sides = new TwoSides(modern.port(), "", "");
                Load load = new Load(sides.edge().port(), "GET /things HTTP/1.1\r\nHost: a\r\n\r\n")) {
            load.awaitMore();
            assertThat(sides.legacy().heads()).isEmpty();

            modern.kill();
            load.awaitMore();

            assertThat(load.lost()).isEqualTo(Map.of());
            assertThat(sides.legacy().heads()).isNotEmpty();
        }
    }
}
