package dev.banyan.processes;

import static org.awaitility.Awaitility.await;

import dev.banyan.testing.RawClient;
import java.io.IOException;
import java.net.ConnectException;
import java.net.SocketException;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Clients that ask again and again over kept connections; what they got but 200 is kept. Who is refused a
 * connection ends: no request was lost.
 */
final class SteadyLoad implements AutoCloseable {
    private final int port;
    private final AtomicBoolean enough = new AtomicBoolean();
    private final AtomicBoolean closing = new AtomicBoolean();
    private final AtomicInteger answered = new AtomicInteger();
    private final AtomicLong longestNanos = new AtomicLong();
    private final Map<String, Integer> lost = new ConcurrentHashMap<>();
    private final Set<String> acknowledged = ConcurrentHashMap.newKeySet();
    private final ExecutorService clients = Executors.newCachedThreadPool();

    SteadyLoad(int port) {
        this.port = port;
    }

    /** So many more clients that ask this, with an id of its own in each request. */
    SteadyLoad with(int more, String method, String path) {
        for (int i = 0; i < more; i++) {
            String name = method + path.replace('/', '-') + i;
            clients.execute(() -> run(name, method, path));
        }
        return this;
    }

    private void run(String name, String method, String path) {
        for (int round = 0; !enough.get(); round++) {
            try (RawClient client = new RawClient(port)) {
                client.socket().setSoTimeout((int) Duration.ofSeconds(60).toMillis());
                ask(client, name + "-" + round, method, path);
            } catch (ConnectException nobodyListens) {
                return;
            } catch (IOException e) {
                lost.merge(method + ": " + e, 1, Integer::sum);
            }
        }
    }

    private void ask(RawClient client, String name, String method, String path) throws IOException {
        boolean open = true;
        for (int n = 0; open && !enough.get(); n++) {
            String id = name + "-" + n;
            long begun = System.nanoTime();
            client.send("%s %s HTTP/1.1\r\nHost: a\r\nX-Write-Id: %s\r\nContent-Length: 0\r\n\r\n"
                    .formatted(method, path, id));
            String head = n == 0 ? firstHead(client) : client.readHead();
            client.read(Integer.parseInt(head.replaceAll("(?s).*Content-Length: (\\d+).*", "$1")));
            longestNanos.accumulateAndGet(System.nanoTime() - begun, Math::max);
            open = !head.contains("Connection: close");
            if (head.startsWith("HTTP/1.1 200 ")) {
                acknowledged.add(id);
                answered.incrementAndGet();
            } else {
                lost.merge(method + ": " + head.substring(9, 12), 1, Integer::sum);
            }
        }
    }

    /**
     * Whoever the kernel connects in the microseconds between the last that a closing listener takes and its close is reset, with every
     * proxy: refused, in other words. Not so on a connection that has had an answer.
     */
    private String firstHead(RawClient client) throws IOException {
        try {
            return client.readHead();
        } catch (SocketException e) {
            if (closing.get()) {
                throw new ConnectException("reset by a listener that closed");
            }
            throw e;
        }
    }

    /** Until so many more have been answered with 200. */
    SteadyLoad awaitMore(int count) {
        int before = answered.get();
        await().atMost(Duration.ofSeconds(60)).until(() -> answered.get() > before + count);
        return this;
    }

    /** Until nobody listens any more. */
    void awaitRefused() {
        closing.set(true);
        clients.shutdown();
        await().atMost(Duration.ofSeconds(60)).until(clients::isTerminated);
    }

    /** What came instead of 200, and how often. */
    Map<String, Integer> lost() {
        return lost;
    }

    /** The ids of what was answered with 200. */
    Set<String> acknowledged() {
        return acknowledged;
    }

    Duration longest() {
        return Duration.ofNanos(longestNanos.get());
    }

    /** Returns once every client has its last answer. */
    void stop() {
        enough.set(true);
        clients.shutdown();
        try {
            clients.awaitTermination(60, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void close() {
        stop();
    }
}
