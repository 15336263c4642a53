package dev.banyan.dataplane.observe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.banyan.dataplane.observe.Ring.Offered;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.WritableByteChannel;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class LineRingTest {
    private final LineRing ring = new LineRing(64);
    private final ByteArrayOutputStream written = new ByteArrayOutputStream();

    @Test
    void lines_come_out_whole_and_in_order_wherever_the_ring_wraps() throws Exception {
        StringBuilder offered = new StringBuilder();

        for (int i = 0; i < 1_000; i++) {
            String line = "line " + i + ", of " + "x".repeat(i % 40) + "\n";
            offered.append(line);
            assertThat(offer(line)).isNotEqualTo(Offered.NO_ROOM);
            ring.drainTo(Channels.newChannel(written));
        }

        assertThat(written.toString(StandardCharsets.US_ASCII)).isEqualTo(offered.toString());
    }

    @Test
    void the_line_that_fills_half_of_it_says_so_once_until_somebody_has_drained_it() throws Exception {
        assertThat(offer("a".repeat(32))).isEqualTo(Offered.KEPT);
        assertThat(offer("b")).isEqualTo(Offered.HALF_FULL);
        assertThat(offer("c")).isEqualTo(Offered.KEPT);

        ring.drainTo(Channels.newChannel(written));

        assertThat(offer("d".repeat(33))).isEqualTo(Offered.HALF_FULL);
    }

    @Test
    void a_line_that_does_not_fit_is_dropped_and_those_before_it_stay() throws Exception {
        offer("a".repeat(60));

        assertThat(offer("b".repeat(5))).isEqualTo(Offered.NO_ROOM);

        ring.drainTo(Channels.newChannel(written));
        assertThat(written.size()).isEqualTo(60);
    }

    @Test
    void what_could_not_be_written_is_counted_by_lines_and_the_one_that_is_torn_among_them() {
        offer("one\n");
        offer("two\n");
        offer("three\n");

        assertThatThrownBy(() -> ring.drainTo(new FailingAfter(6)))
                .isInstanceOfSatisfying(LineRing.LinesLost.class, lost -> {
                    assertThat(lost.lines()).isEqualTo(2);
                    assertThat(lost.torn()).isTrue();
                });

        assertThat(offer("a".repeat(64))).isNotEqualTo(Offered.NO_ROOM);
    }

    @Test
    void a_line_that_was_written_to_its_end_is_not_torn() {
        offer("one\n");
        offer("two\n");

        assertThatThrownBy(() -> ring.drainTo(new FailingAfter(4)))
                .isInstanceOfSatisfying(LineRing.LinesLost.class, lost -> {
                    assertThat(lost.lines()).isEqualTo(1);
                    assertThat(lost.torn()).isFalse();
                });
    }

    /** A disk with little room. */
    private static final class FailingAfter implements WritableByteChannel {
        private int room;

        FailingAfter(int room) {
            this.room = room;
        }

        @Override
        public int write(ByteBuffer bytes) throws IOException {
            if (room == 0) {
                throw new IOException("No space left on device");
            }
            int taken = Math.min(room, bytes.remaining());
            bytes.position(bytes.position() + taken);
            room -= taken;
            return taken;
        }

        @Override
        public boolean isOpen() {
            return true;
        }

        @Override
        public void close() {}
    }

    private Offered offer(String line) {
        byte[] bytes = line.getBytes(StandardCharsets.US_ASCII);
        return ring.offer(bytes, bytes.length);
    }
}
