package dev.banyan.dataplane.listener;

import static org.assertj.core.api.Assertions.assertThat;

import dev.banyan.dataplane.listener.ProxyHeader.Bad;
import dev.banyan.dataplane.listener.ProxyHeader.From;
import dev.banyan.dataplane.listener.ProxyHeader.More;
import dev.banyan.dataplane.listener.ProxyHeader.Parsed;
import dev.banyan.net.IpAddress;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;

/** Any bytes as a balancer's first: what is taken is a bounded header and nothing behind it, however it arrives. */
public final class ProxyHeaderFuzz {
    private static final int MOST_BYTES = 16 + ProxyHeader.MAX_V2_LENGTH;

    private ProxyHeaderFuzz() {}

    public static void fuzzerTestOneInput(byte[] input) {
        ByteBuf in = Unpooled.wrappedBuffer(input);
        Parsed outcome = ProxyHeader.read(in);
        int taken = in.readerIndex();
        if (outcome instanceof Bad) {
            assertThat(taken).isZero();
        } else if (outcome instanceof More) {
            assertThat(taken).isZero();
            assertThat(input.length).as("waited for more").isLessThan(MOST_BYTES);
        } else {
            whole(input, taken, outcome);
        }
    }

    private static void whole(byte[] input, int taken, Parsed outcome) {
        assertThat(taken).isBetween(1, MOST_BYTES);
        assertThat(ProxyHeader.read(Unpooled.wrappedBuffer(input, 0, taken))).isEqualTo(outcome);
        for (int n : new int[] {0, 1, taken / 2, taken - 1}) {
            assertThat(ProxyHeader.read(Unpooled.wrappedBuffer(input, 0, n)))
                    .as("its first %d bytes", n)
                    .isInstanceOf(More.class);
        }
        if (outcome instanceof From from) {
            assertThat(IpAddress.parse(from.client().toString())).isEqualTo(from.client());
        }
    }
}
