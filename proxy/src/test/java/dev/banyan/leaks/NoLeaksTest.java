package dev.banyan.leaks;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.buffer.UnpooledByteBufAllocator;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** That a lost buffer is found at all: without this, no other test proves that none was lost. */
class NoLeaksTest {
    private static final int LOST_BYTES = 77;

    @Test
    void a_buffer_that_is_lost_is_reported_with_who_touched_it() {
        for (ByteBufAllocator allocator : new ByteBufAllocator[] {
            ByteBufAllocator.DEFAULT, PooledByteBufAllocator.DEFAULT, new UnpooledByteBufAllocator(true)
        }) {
            lose(allocator);

            assertThat(reportsAfterAFewCollections())
                    .as(allocator.toString())
                    .isNotEmpty()
                    .allMatch(report -> report.contains("NoLeaksTest.lose"));
        }
    }

    @Test
    void a_buffer_that_is_released_is_not() {
        ByteBuf released = ByteBufAllocator.DEFAULT.directBuffer(LOST_BYTES);
        released.release();

        assertThat(RecordedLeaks.afterACollection()).isEmpty();
    }

    private static void lose(ByteBufAllocator allocator) {
        ByteBuf lost = allocator.directBuffer(LOST_BYTES);
        lost.touch("lost on purpose").writeByte(1);
    }

    private static List<String> reportsAfterAFewCollections() {
        List<String> reports = new ArrayList<>();
        for (int i = 0; i < 10 && reports.isEmpty(); i++) {
            reports.addAll(RecordedLeaks.afterACollection());
        }
        return reports;
    }
}
