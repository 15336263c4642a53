package dev.banyan.dataplane.observe;

import static org.assertj.core.api.Assertions.assertThat;

import dev.banyan.dataplane.observe.LineRing.Outcome;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.channels.Channels;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class LineRingTest {
    private final LineRing ring = new LineRing(64);
    private final ByteArrayOutputStream written = new ByteArrayOutputStream();

    @Test
    void lines_come_out_whole_and_in_order_wherever_the_ring_wraps() throws IOException {
        StringBuilder offered = new StringBuilder();

        for (int i = 0; i < 1_000; i++) {
            String line = "line " + i + ", of " + "x".repeat(i % 40) + "\n";
            offered.append(line);
            assertThat(offer(line)).isNotEqualTo(Outcome.NO_ROOM);
            ring.drainTo(Channels.newChannel(written));
        }

        assertThat(written.toString(StandardCharsets.US_ASCII)).isEqualTo(offered.toString());
    }

    @Test
    void the_line_that_fills_half_of_it_says_so_once_until_somebody_has_drained_it() throws IOException {
        assertThat(offer("a".repeat(32))).isEqualTo(Outcome.KEPT);
        assertThat(offer("b")).isEqualTo(Outcome.HALF_FULL);
        assertThat(offer("c")).isEqualTo(Outcome.KEPT);

        ring.drainTo(Channels.newChannel(written));

        assertThat(offer("d".repeat(33))).isEqualTo(Outcome.HALF_FULL);
    }

    @Test
    void a_line_that_does_not_fit_is_dropped_and_those_before_it_stay() throws IOException {
        offer("a".repeat(60));

        assertThat(offer("b".repeat(5))).isEqualTo(Outcome.NO_ROOM);

        ring.drainTo(Channels.newChannel(written));
        assertThat(written.size()).isEqualTo(60);
    }

    private Outcome offer(String line) {
        byte[] bytes = line.getBytes(StandardCharsets.US_ASCII);
        return ring.offer(bytes, bytes.length);
    }
}
