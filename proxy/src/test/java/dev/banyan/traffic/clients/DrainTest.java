package dev.banyan.traffic.clients;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.banyan.testing.RawUpstream;
import dev.banyan.testing.TestEdge;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class DrainTest {
    private static final int CLIENTS = 4;

    /** A connection may be reset at any step between the kernel's queue and its loop. */
    @Test
    void clients_that_connect_and_reset_do_not_hold_up_a_drain() throws Exception {
        ExecutorService clients = Executors.newFixedThreadPool(CLIENTS);
        try (RawUpstream rails = RawUpstream.answering("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok");
                TestEdge edge = TestEdge.forwardingTo(rails.port())) {
            AtomicInteger connected = new AtomicInteger();
            for (int i = 0; i < CLIENTS; i++) {
                clients.execute(() -> connectAndReset(edge.port(), connected));
            }
            await().until(() -> connected.get() > 500);

            assertThat(edge.plane().drain(Duration.ofSeconds(15))).isTrue();
            assertThat(edge.plane().clientConnections()).isZero();
        } finally {
            clients.shutdown();
            assertThat(clients.awaitTermination(20, TimeUnit.SECONDS)).isTrue();
        }
    }

    /** Until nobody listens any more. */
    private static void connectAndReset(int port, AtomicInteger connected) {
        while (true) {
            try (Socket socket = new Socket()) {
                socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
                socket.setSoLinger(true, 0);
                connected.incrementAndGet();
            } catch (IOException e) {
                return;
            }
        }
    }
}
