package dev.banyan.legacystub.standin;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.banyan.money.json.RailsJson;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One service that is handed the writes, by a thread of its own; it says how many it has, and gets the rest. */
final class Receiver {
    private static final Logger LOG = LoggerFactory.getLogger(Receiver.class);
    private static final Duration TIMEOUT = Duration.ofSeconds(2);
    private static final int MOST_AT_ONCE = 500;

    /** After that long it is asked again, though there is nothing new: it may have been started anew. */
    private static final Duration IDLE = Duration.ofMillis(500);

    private final HttpClient client = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(TIMEOUT)
            .build();
    private final URI writes;
    private final String run;
    private final Rows rows;
    private final Thread thread;

    // Guarded by this.
    private int have;
    private boolean reachable;
    private boolean woken;

    /** The writes from one on. */
    @FunctionalInterface
    interface Rows {
        List<JsonNode> from(int first, int most);
    }

    Receiver(URI service, String run, Rows rows) {
        this.writes = service.resolve("/_writes");
        this.run = run;
        this.rows = rows;
        thread = new Thread(this::run, "stand-in for events to " + service.getAuthority());
        thread.setDaemon(true);
    }

    void start() {
        thread.start();
    }

    synchronized void wake() {
        woken = true;
        notifyAll();
    }

    /** Until it has so many, unless it is not there. */
    synchronized void await(int wanted, long deadlineNanos) {
        try {
            for (long left = deadlineNanos - System.nanoTime();
                    reachable && have < wanted && left > 0;
                    left = deadlineNanos - System.nanoTime()) {
                TimeUnit.NANOSECONDS.timedWait(this, left);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    void close() {
        thread.interrupt();
    }

    private void run() {
        try {
            while (!Thread.currentThread().isInterrupted()) {
                List<JsonNode> next = rows.from(from(), MOST_AT_ONCE);
                if (!hand(next) || next.size() < MOST_AT_ONCE) {
                    rest();
                }
            }
        } catch (InterruptedException e) {
            // Closed.
            Thread.currentThread().interrupt();
        }
    }

    private synchronized int from() {
        return have;
    }

    private synchronized void rest() throws InterruptedException {
        long untilNanos = System.nanoTime() + IDLE.toNanos();
        for (long left = IDLE.toNanos(); !woken && left > 0; left = untilNanos - System.nanoTime()) {
            TimeUnit.NANOSECONDS.timedWait(this, left);
        }
        woken = false;
    }

    /** Whether it has taken them; if it has fewer than we thought, it gets the others next. */
    private boolean hand(List<JsonNode> next) throws InterruptedException {
        ObjectNode body = JsonNodeFactory.instance.objectNode();
        body.put("run", run).put("from", from()).putArray("rows").addAll(next);
        HttpRequest request = HttpRequest.newBuilder(writes)
                .timeout(TIMEOUT)
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofByteArray(RailsJson.bytes(body)))
                .build();
        try {
            HttpResponse<byte[]> answer = client.send(request, HttpResponse.BodyHandlers.ofByteArray());
            JsonNode said = answer.statusCode() == 200 ? RailsJson.parse(answer.body()) : null;
            took(said == null ? -1 : said.path("have").asInt(-1));
            return said != null;
        } catch (IOException e) {
            LOG.debug("could not hand over what was written service={} cause={}", writes, e.toString());
            took(-1);
            return false;
        }
    }

    /** @param now how many it has; under 0: it is not there, or takes none */
    private synchronized void took(int now) {
        reachable = now >= 0;
        if (reachable) {
            // It may have lost what it had, and then is behind what has been added meanwhile.
            woken |= now < have;
            have = now;
        }
        notifyAll();
    }
}
