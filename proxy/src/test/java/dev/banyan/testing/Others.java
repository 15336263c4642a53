package dev.banyan.testing;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/** A client who does nothing wrong while others do, and how long it has to wait. */
public final class Others {
    private static final long REST_NANOS = TimeUnit.MILLISECONDS.toNanos(5);
    private static final int PATIENCE_MILLIS = (int) Duration.ofSeconds(60).toMillis();

    private final int port;
    private volatile boolean enough;
    private volatile long longestNanos;

    public Others(int port) {
        this.port = port;
    }

    public static void enough(Others... others) {
        for (Others each : others) {
            each.enough = true;
        }
    }

    public long longestMillis() {
        return TimeUnit.NANOSECONDS.toMillis(longestNanos);
    }

    /** One request after the other over one connection. */
    @Nullable
    public Void byHttp1() throws Exception {
        try (RawClient client = new RawClient(port)) {
            client.socket().setSoTimeout(PATIENCE_MILLIS);
            while (!enough) {
                long begun = System.nanoTime();
                client.send("GET /other HTTP/1.1\r\nHost: a\r\n\r\n");
                assertThat(client.readHead()).startsWith("HTTP/1.1 200 ");
                client.read(2);
                rest(begun);
            }
        }
        return null;
    }

    @Nullable
    public Void byHttp2() throws Exception {
        try (FramePeer client = FramePeer.settled(port)) {
            client.socket().setSoTimeout(PATIENCE_MILLIS);
            for (int stream = 1; !enough; stream += 2) {
                long begun = System.nanoTime();
                client.get(stream, "/other");
                assertThat(client.answer(stream).status()).isEqualTo("200");
                rest(begun);
            }
        }
        return null;
    }

    @SuppressWarnings("NonAtomicVolatileUpdate") // one thread writes
    private void rest(long begun) {
        longestNanos = Math.max(longestNanos, System.nanoTime() - begun);
        LockSupport.parkNanos(REST_NANOS);
    }
}
