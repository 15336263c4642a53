package dev.banyan.app;

import static org.assertj.core.api.Assertions.assertThat;

import dev.banyan.testing.RawClient;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A table change touches no request and no connection. */
class TableChangesUnderLoadTest {
    private static final int CONNECTIONS = 64;
    private static final int CHANGES = 100;
    private static final String REQUEST = "GET /api/transactions HTTP/1.1\r\nHost: shop.test\r\nX-User-Id: %d\r\n\r\n";

    @TempDir
    private Path directory;

    @Test
    void a_hundred_changes_under_load_lose_no_request_and_close_no_connection() throws Exception {
        AtomicBoolean changing = new AtomicBoolean(true);
        AtomicLong answers = new AtomicLong();
        ExecutorService clients = Executors.newFixedThreadPool(CONNECTIONS);
        try (TestProxy proxy = new TestProxy(directory)) {
            List<Future<?>> loads = new ArrayList<>();
            for (int i = 0; i < CONNECTIONS; i++) {
                int user = i;
                loads.add(clients.submit(() -> {
                    load(proxy.port(), user, changing, answers);
                    return null;
                }));
            }

            for (int change = 1; change <= CHANGES; change++) {
                assertThat(proxy.setCanary(change).statusCode()).isEqualTo(200);
            }
            changing.set(false);

            for (Future<?> load : loads) {
                load.get();
            }
            assertThat(answers.get()).isGreaterThan(CHANGES);
            assertThat(proxy.admin("GET", "/v1/table", "").body()).contains("\"revision\":101");
        } finally {
            clients.shutdownNow();
        }
    }

    /** One connection for the whole test: an answer that is missing, cut or not 200 fails it, and so does a close. */
    private static void load(int port, int user, AtomicBoolean going, AtomicLong answers) throws IOException {
        try (RawClient client = new RawClient(port)) {
            while (going.get()) {
                client.send(REQUEST.formatted(user));
                String head = client.readHead();
                assertThat(head).startsWith("HTTP/1.1 200 OK\r\n");
                String body = client.read(head.contains("X-Banyan-Side: modern") ? 12 : 5);
                assertThat(body).isEqualTo(head.contains("X-Banyan-Side: modern") ? "transactions" : "rails");
                answers.incrementAndGet();
            }
        }
    }
}
