package dev.banyan.traffic.clients;

import static org.assertj.core.api.Assertions.assertThat;

import dev.banyan.testing.Await;
import dev.banyan.testing.RawClient;
import dev.banyan.testing.RawUpstream;
import dev.banyan.testing.TestEdge;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.ByteBufAllocatorMetricProvider;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Connections that ask for nothing, or go without a word, cost little and hold up nobody. */
class ManyConnectionsTest {
    private static final String GET = "GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n";
    private static final String BEGUN = "GET / HTTP/1.1\r\nHost: a\r\nX-Long: ";

    /** A few KiB each for 2,000 would be 8 MiB; a buffer of 64 KiB each is 125. */
    private static final long ROOM_BYTES = 32L << 20;

    private RawUpstream rails;
    private TestEdge edge;

    @BeforeEach
    void start() throws IOException {
        rails = RawUpstream.answering("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok");
        edge = TestEdge.forwardingTo(rails.port());
    }

    @AfterEach
    void stop() throws IOException {
        edge.close();
        rails.close();
    }

    private SocketChannel opened() throws IOException {
        return SocketChannel.open(new InetSocketAddress(InetAddress.getLoopbackAddress(), edge.port()));
    }

    private static void send(SocketChannel channel, String text) throws IOException {
        channel.write(ByteBuffer.wrap(text.getBytes(StandardCharsets.US_ASCII)));
    }

    private double open() {
        return edge.registry().get("banyan.connections.open").gauge().value();
    }

    private static long directBytes() {
        return ((ByteBufAllocatorMetricProvider) ByteBufAllocator.DEFAULT)
                .metric()
                .usedDirectMemory();
    }

    private void anotherIsServed() throws IOException {
        assertThat(RawClient.exchange(edge.port(), GET))
                .startsWith("HTTP/1.1 200 ")
                .endsWith("ok");
    }

    @Test
    void two_thousand_idle_connections_hold_up_nobody() throws IOException {
        anotherIsServed();
        long before = directBytes();
        List<SocketChannel> idle = new ArrayList<>();
        try {
            for (int i = 0; i < 2_000; i++) {
                idle.add(opened());
            }
            Await.until(() -> open() >= 2_000);

            anotherIsServed();

            assertThat(directBytes() - before).isLessThan(ROOM_BYTES);
        } finally {
            for (SocketChannel channel : idle) {
                channel.close();
            }
        }
        Await.until(() -> open() == 0);
        anotherIsServed();
    }

    @Test
    void three_thousand_resets_leave_nothing_behind() throws IOException {
        anotherIsServed();
        long before = directBytes();
        String[] sentFirst = {"", BEGUN, "GET / HTTP/1.1\r\nHost: a\r\n\r\n"};
        for (int i = 0; i < 3_000; i++) {
            try (SocketChannel channel = opened()) {
                channel.socket().setSoLinger(true, 0);
                send(channel, sentFirst[i % sentFirst.length]);
            }
        }

        Await.until(() -> open() == 0);

        anotherIsServed();
        assertThat(directBytes() - before).isLessThan(ROOM_BYTES);
        // What was under way for a connection ends in the turn of its loop after the one that closed it.
        Await.until(
                () -> edge.registry().get("banyan.upstream.under.way").gauge().value() == 0);
    }
}
