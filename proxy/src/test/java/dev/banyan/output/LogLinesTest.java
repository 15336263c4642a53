package dev.banyan.output;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.WritableByteChannel;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.Semaphore;
import org.junit.jupiter.api.Test;

class LogLinesTest {
    private final Output output = new Output();

    /** Takes what it is allowed to, and fails while it is told to. */
    private static final class Output implements WritableByteChannel {
        private final ByteArrayOutputStream taken = new ByteArrayOutputStream();
        private final Semaphore writes = new Semaphore(0);
        private volatile int mostBeforeFailing = Integer.MAX_VALUE;
        private volatile boolean closed;

        @Override
        public synchronized int write(ByteBuffer bytes) throws IOException {
            writes.acquireUninterruptibly();
            if (mostBeforeFailing == 0) {
                throw new IOException("No space left on device");
            }
            int length = Math.min(bytes.remaining(), mostBeforeFailing);
            byte[] part = new byte[length];
            bytes.get(part);
            taken.writeBytes(part);
            mostBeforeFailing -= mostBeforeFailing == Integer.MAX_VALUE ? 0 : length;
            return length;
        }

        String text() {
            return taken.toString(StandardCharsets.UTF_8);
        }

        @Override
        public boolean isOpen() {
            return !closed;
        }

        @Override
        public void close() {
            closed = true;
        }
    }

    private LogLines lines() {
        return new LogLines("test-log", output, missing -> bytes("missing " + missing + "\n"));
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    @Test
    void lines_come_out_whole_and_in_order_and_the_last_before_it_is_closed() {
        output.writes.release(1_000_000);
        StringBuilder added = new StringBuilder();

        try (LogLines lines = lines()) {
            for (int i = 0; i < 5_000; i++) {
                String line = "line " + i + " " + "x".repeat(i % 90) + "\n";
                added.append(line);
                lines.add(bytes(line));
            }
        }

        assertThat(output.text()).isEqualTo(added.toString());
        assertThat(output.closed).isTrue();
    }

    @Test
    void what_does_not_fit_while_nobody_reads_is_counted_and_told_once_somebody_does() {
        String line = "x".repeat(1023) + "\n";
        try (LogLines lines = lines()) {
            int added = 0;
            while (lines.dropped() < 7) {
                lines.add(bytes(line));
                added++;
            }
            assertThat(added).isGreaterThan(LogLines.MOST_BYTES / 1024);

            output.writes.release(1_000_000);
            int kept = added - 7;
            await().until(() -> output.text().length() >= kept * 1024 + "missing 7\n".length());

            assertThat(output.text()).endsWith("missing 7\n");
            assertThat(lines.dropped()).isEqualTo(7);
        }
    }

    @Test
    void an_output_that_fails_loses_what_it_was_given_and_goes_on_with_a_line_of_its_own() {
        output.mostBeforeFailing = 4;
        output.writes.release(1_000_000);
        try (LogLines lines = lines()) {
            lines.add(bytes("first\n"));
            await().until(() -> lines.dropped() == 1);

            output.mostBeforeFailing = Integer.MAX_VALUE;
            lines.add(bytes("second\n"));
            await().until(() -> output.text().endsWith("missing 1\n"));

            assertThat(output.text()).isEqualTo("firs\nsecond\nmissing 1\n");
        }
    }

    @Test
    void an_output_that_stands_still_does_not_hold_up_the_end() {
        LogLines lines = lines();
        lines.add(bytes("never taken\n"));
        long began = System.nanoTime();

        lines.close(Duration.ofMillis(50));

        assertThat(System.nanoTime() - began).isLessThan(Duration.ofSeconds(10).toNanos());
        assertThat(output.closed).isFalse();
        lines.add(bytes("too late\n"));
        assertThat(lines.dropped()).isEqualTo(1);
        output.writes.release(1_000_000);
    }
}
