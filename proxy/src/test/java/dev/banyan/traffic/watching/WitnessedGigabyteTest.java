package dev.banyan.traffic.watching;

import static org.assertj.core.api.Assertions.assertThat;

import dev.banyan.processes.ChildJvm;
import dev.banyan.testing.RawClient;
import dev.banyan.testing.RawUpstream;
import dev.banyan.testing.WitnessedEdge;
import java.io.IOException;
import java.io.InputStream;
import org.junit.jupiter.api.Test;

/** A witness that sees the beginning of a large answer changes nothing about the rest, in a JVM with a heap of 128 MB. */
class WitnessedGigabyteTest {
    private static final long GIGABYTE = 1L << 30;
    private static final int PIECE_BYTES = 1 << 16;

    @Test
    void a_gigabyte_goes_by_and_a_client_leaves_as_if_nobody_saw_it() throws Exception {
        String piece = "x".repeat(PIECE_BYTES);
        try (RawUpstream rails = RawUpstream.running(connection -> serve(connection, piece));
                ChildJvm edge = ChildJvm.start(WitnessedEdge.class, Integer.toString(rails.port()))) {
            int port = Integer.parseInt(String.valueOf(edge.next("port ")));

            assertThat(read(port, GIGABYTE, GIGABYTE)).isEqualTo(GIGABYTE);
            assertThat(edge.next("seen "))
                    .isEqualTo("/" + GIGABYTE + ": " + WitnessedEdge.SEEN_BYTES + " bytes, whole");

            read(port, GIGABYTE + 1, 100L << 20);
            assertThat(edge.next("seen "))
                    .isEqualTo("/" + (GIGABYTE + 1) + ": " + WitnessedEdge.SEEN_BYTES + " bytes, client-gone");

            assertThat(read(port, 5, 5)).as("served after that").isEqualTo(5);
            assertThat(edge.next("seen ")).isEqualTo("/5: 5 bytes, whole");
        }
    }

    /** {@code GET /N} gives N bytes. */
    private static void serve(RawUpstream.Connection connection, String piece) throws IOException {
        for (String head = connection.readHead(); !head.isEmpty(); head = connection.readHead()) {
            long left = Long.parseLong(head.substring(5, head.indexOf(' ', 5)));
            connection.write("HTTP/1.1 200 OK\r\nContent-Length: " + left + "\r\n\r\n");
            for (; left >= PIECE_BYTES; left -= PIECE_BYTES) {
                connection.write(piece);
            }
            connection.write(piece.substring(0, (int) left));
        }
    }

    /** Asks for so many bytes, and leaves when it has read up to so many; how many it read. */
    private static long read(int port, long bytes, long most) throws IOException {
        try (RawClient client = new RawClient(port)) {
            client.send("GET /" + bytes + " HTTP/1.1\r\nHost: a\r\n\r\n");
            client.readHead();
            InputStream in = client.input();
            byte[] buffer = new byte[PIECE_BYTES];
            long read = 0;
            while (read < most) {
                int n = in.read(buffer, 0, (int) Math.min(buffer.length, most - read));
                if (n < 0) {
                    return read;
                }
                read += n;
            }
            return read;
        }
    }
}
