package dev.banyan.traffic.websockets;

import static org.assertj.core.api.Assertions.assertThat;

import dev.banyan.testing.Bytes;
import dev.banyan.testing.Handshake;
import dev.banyan.testing.RawClient;
import dev.banyan.testing.Tables;
import dev.banyan.testing.TestEdge;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.ByteBufAllocatorMetricProvider;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** WebSockets that are open and quiet cost little, hold up nobody, and are all told when it is over. */
@Timeout(120)
class ManyTunnelsTest {
    private static final int MANY = 2_000;
    private static final byte[] GOING_AWAY = {(byte) 0x88, 2, 0x03, (byte) 0xe9};

    /** A few KiB each. */
    private static final long ROOM_BYTES = 32L << 20;

    /** Grants every WebSocket, answers every other request, and keeps all connections; one after the other, in one thread. */
    private static final class Granting implements AutoCloseable {
        private final ServerSocket server = new ServerSocket(0, 100, InetAddress.getLoopbackAddress());
        private final List<Socket> sockets = new CopyOnWriteArrayList<>();

        Granting() throws IOException {
            Thread accepting = new Thread(this::accept, "granting");
            accepting.setDaemon(true);
            accepting.start();
        }

        private void accept() {
            while (!server.isClosed()) {
                try {
                    Socket socket = server.accept();
                    sockets.add(socket);
                    StringBuilder head = new StringBuilder();
                    while (head.indexOf("\r\n\r\n") < 0) {
                        head.append((char) socket.getInputStream().read());
                    }
                    boolean asks = head.indexOf("Upgrade: websocket") > 0;
                    socket.getOutputStream()
                            .write(Bytes.of(
                                    asks ? Handshake.GRANTED : "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"));
                } catch (IOException e) {
                    // The end of the test.
                }
            }
        }

        @Override
        public void close() throws IOException {
            server.close();
            for (Socket socket : sockets) {
                socket.close();
            }
        }
    }

    private static long directBytes() {
        return ((ByteBufAllocatorMetricProvider) ByteBufAllocator.DEFAULT)
                .metric()
                .usedDirectMemory();
    }

    @Test
    void two_thousand_are_open_at_an_upstream_that_takes_one_request_at_a_time() throws Exception {
        List<RawClient> clients = new ArrayList<>();
        try (Granting rails = new Granting();
                TestEdge edge = TestEdge.with(Tables.of("""
                        default: rails
                        upstreams:
                          rails: { url: "http://127.0.0.1:%d", limits: { concurrent: 1, queue: 0 } }
                        """.formatted(rails.server.getLocalPort())))) {
            long before = directBytes();
            for (int i = 0; i < MANY; i++) {
                RawClient client = new RawClient(edge.port());
                clients.add(client);
                client.send(Handshake.ASKED);
                assertThat(client.readHead()).startsWith("HTTP/1.1 101 ");
            }

            assertThat(edge.registry().get("banyan.tunnels").gauge().value()).isEqualTo(MANY);
            assertThat(RawClient.exchange(edge.port(), "GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n"))
                    .startsWith("HTTP/1.1 200 ");
            assertThat(directBytes() - before).isLessThan(ROOM_BYTES);
            for (int i = 0; i < MANY; i++) {
                rails.sockets.get(i).getOutputStream().write(Bytes.of("\u0081\u0004ping"));
                assertThat(clients.get(i).read(6)).endsWith("ping");
            }

            edge.plane().close();

            for (RawClient client : clients) {
                assertThat(client.input().readAllBytes()).isEqualTo(GOING_AWAY);
            }
        } finally {
            for (RawClient client : clients) {
                client.close();
            }
        }
    }
}
