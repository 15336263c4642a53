package dev.banyan.dataplane.wire.tunnel;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Where one frame ends and the next begins (RFC 6455, 5.2), however they arrive. */
class FrameTrackerTest {
    private static final int TEXT = 0x81;
    private static final int CLOSE = 0x88;

    private static byte[] frame(int first, boolean masked, int length) {
        ByteBuf frame = Unpooled.buffer().writeByte(first);
        int mask = masked ? 0x80 : 0;
        if (length < 126) {
            frame.writeByte(mask | length);
        } else if (length < 65_536) {
            frame.writeByte(mask | 126).writeShort(length);
        } else {
            frame.writeByte(mask | 127).writeLong(length);
        }
        if (masked) {
            frame.writeInt(0x88888888);
        }
        frame.writeBytes(new byte[length]);
        byte[] bytes = new byte[frame.readableBytes()];
        frame.readBytes(bytes);
        return bytes;
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 7, 100, 65_536})
    void a_frame_may_be_put_in_exactly_where_one_has_ended(int pieceBytes) {
        List<byte[]> frames = new ArrayList<>();
        for (int length : new int[] {0, 1, 125, 126, 65_535, 65_536}) {
            frames.add(frame(TEXT, false, length));
            frames.add(frame(TEXT, true, length));
        }
        ByteBuf all = Unpooled.buffer();
        Set<Integer> ends = new HashSet<>(Set.of(0));
        for (byte[] frame : frames) {
            all.writeBytes(frame);
            ends.add(all.writerIndex());
        }
        FrameTracker tracker = new FrameTracker();

        for (int at = 0; at < all.writerIndex(); at += pieceBytes) {
            assertThat(tracker.betweenFrames()).as("at %d", at).isEqualTo(ends.contains(at));
            tracker.passes(all.slice(at, Math.min(pieceBytes, all.writerIndex() - at)));
        }
        assertThat(tracker.betweenFrames()).isTrue();
    }

    @Test
    void none_may_follow_a_close() {
        FrameTracker tracker = new FrameTracker();

        tracker.passes(Unpooled.wrappedBuffer(frame(CLOSE, false, 2)));

        assertThat(tracker.betweenFrames()).isFalse();
    }

    @Test
    void none_may_follow_a_length_that_nobody_can_send() {
        FrameTracker tracker = new FrameTracker();

        tracker.passes(
                Unpooled.buffer().writeByte(TEXT).writeByte(127).writeLong(-1).writeZero(100));

        assertThat(tracker.betweenFrames()).isFalse();
    }
}
