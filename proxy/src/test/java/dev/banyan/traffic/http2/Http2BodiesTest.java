package dev.banyan.traffic.http2;

import static org.assertj.core.api.Assertions.assertThat;

import dev.banyan.testing.Await;
import dev.banyan.testing.Bytes;
import dev.banyan.testing.FramePeer;
import dev.banyan.testing.FramePeer.Answer;
import dev.banyan.testing.FramePeer.Frame;
import dev.banyan.testing.RawUpstream;
import dev.banyan.testing.StrictUpstream;
import dev.banyan.testing.TestEdge;
import java.io.IOException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

/** Large bodies pass both ways within windows, and who is slow makes the other side wait. */
class Http2BodiesTest {
    private static final int MIB = 1 << 20;
    private static final int FRAME_BYTES = 16_384;
    private static final int WINDOW_BYTES = 65_535;

    @Test
    void a_mebibyte_comes_down_whole_to_a_client_that_grants_little_at_a_time() throws Exception {
        String content = pattern();
        try (RawUpstream rails =
                        RawUpstream.answering("HTTP/1.1 200 OK\r\nContent-Length: " + MIB + "\r\n\r\n" + content);
                TestEdge edge = TestEdge.forwardingTo(rails.port());
                FramePeer client = FramePeer.mute(edge.port())) {

            client.raw("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n");
            client.settings(4, 1000);
            client.get(1, "/");
            Answer answer = client.answer(1);

            assertThat(answer.body()).isEqualTo(content);
        }
    }

    @Test
    void a_mebibyte_in_chunks_comes_down_whole() throws Exception {
        String content = pattern();
        StringBuilder chunks = new StringBuilder();
        for (int i = 0; i < MIB; i += 1024) {
            chunks.append("400\r\n").append(content, i, i + 1024).append("\r\n");
        }
        try (RawUpstream rails = RawUpstream.answering(
                        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n" + chunks + "0\r\n\r\n");
                TestEdge edge = TestEdge.forwardingTo(rails.port());
                FramePeer client = FramePeer.to(edge.port())) {

            client.get(1, "/");
            client.get(3, "/");

            assertThat(client.answer(1).body()).isEqualTo(content);
        }
    }

    @Test
    void a_mebibyte_goes_up_whole_within_the_window_that_is_granted() throws Exception {
        String content = pattern();
        try (StrictUpstream rails = new StrictUpstream();
                TestEdge edge = TestEdge.forwardingTo(rails.port());
                FramePeer client = FramePeer.settled(edge.port())) {

            client.post(1, "/", "content-length", Integer.toString(MIB));
            upload(client, content);

            assertThat(client.answer(1).status()).isEqualTo("200");
            assertThat(rails.requests().get(0)).endsWith("\r\n\r\n" + content);
        }
    }

    /** As a client must: never more than both windows allow. */
    private static void upload(FramePeer client, String content) throws Exception {
        long stream = WINDOW_BYTES;
        long connection = WINDOW_BYTES;
        for (int at = 0; at < content.length(); at += FRAME_BYTES) {
            while (Math.min(stream, connection) < FRAME_BYTES) {
                Frame update = client.await(FramePeer.WINDOW_UPDATE);
                if (update.stream() == 0) {
                    connection += update.number(0);
                } else {
                    stream += update.number(0);
                }
            }
            client.data(1, content.substring(at, at + FRAME_BYTES), at + FRAME_BYTES == content.length());
            stream -= FRAME_BYTES;
            connection -= FRAME_BYTES;
        }
    }

    @Test
    void a_client_that_shuts_its_window_stops_a_fast_upstream_and_holds_up_no_other_stream() throws Exception {
        long large = 64L << 20;
        AtomicLong written = new AtomicLong();
        try (RawUpstream rails = RawUpstream.running(connection -> {
                    for (String head = connection.readHead(); !head.isEmpty(); head = connection.readHead()) {
                        if (head.startsWith("GET /small ")) {
                            connection.write("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok");
                            continue;
                        }
                        connection.write("HTTP/1.1 200 OK\r\nContent-Length: " + large + "\r\n\r\n");
                        byte[] piece = new byte[64 * 1024];
                        for (long left = large; left > 0; left -= piece.length) {
                            connection.output().write(piece);
                            written.addAndGet(piece.length);
                        }
                    }
                });
                TestEdge edge = TestEdge.forwardingTo(rails.port());
                FramePeer client = FramePeer.to(edge.port())) {

            client.windowUpdate(0, 1 << 20);
            client.get(1, "/large");
            for (int received = 0; received < WINDOW_BYTES; ) {
                received += client.await(FramePeer.DATA).payload().length;
            }
            client.get(3, "/small");
            Answer small = client.answer(3);

            assertThat(small.body()).isEqualTo("ok");
            assertThat(Await.standstillOf(written)).isLessThan(Bytes.MOST_UNDER_WAY);
        }
    }

    @Test
    void an_upstream_that_does_not_read_shuts_the_clients_window() throws Exception {
        CountDownLatch mayRead = new CountDownLatch(1);
        AtomicLong granted = new AtomicLong(WINDOW_BYTES);
        try (RawUpstream rails = RawUpstream.running(connection -> {
                    connection.readHead();
                    Await.uninterruptibly(mayRead);
                    connection.write("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok");
                    while (connection.read() >= 0) {
                        // all the rest
                    }
                });
                TestEdge edge = TestEdge.forwardingTo(rails.port());
                FramePeer client = FramePeer.settled(edge.port())) {
            client.windowUpdate(0, 1 << 20);
            client.post(1, "/");
            Thread reader = new Thread(() -> {
                try {
                    for (Frame frame = client.next(); frame != null; frame = client.next()) {
                        if (frame.type() == FramePeer.WINDOW_UPDATE && frame.stream() == 1) {
                            granted.addAndGet(frame.number(0));
                        }
                    }
                } catch (IOException e) {
                    // closed: the end of the test
                }
            });
            reader.start();
            String piece = "x".repeat(FRAME_BYTES);
            AtomicLong sent = new AtomicLong();
            Thread sender = new Thread(() -> {
                try {
                    while (!Thread.currentThread().isInterrupted()) {
                        if (granted.get() - sent.get() >= FRAME_BYTES) {
                            client.data(1, piece, false);
                            sent.addAndGet(FRAME_BYTES);
                        } else {
                            Thread.onSpinWait();
                        }
                    }
                } catch (IOException e) {
                    // closed: the end of the test
                }
            });
            sender.start();

            assertThat(Await.standstillOf(sent)).isLessThan(Bytes.MOST_UNDER_WAY);
            sender.interrupt();
            mayRead.countDown();
        }
    }

    private static String pattern() {
        StringBuilder content = new StringBuilder(MIB);
        for (int i = 0; content.length() < MIB; i++) {
            content.append(i).append(' ');
        }
        content.setLength(MIB);
        return content.toString();
    }
}
