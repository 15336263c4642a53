package dev.banyan.traffic.tables;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.banyan.contract.TrafficCounts;
import dev.banyan.dataplane.DataPlane;
import dev.banyan.dataplane.wire.ClientTimeouts;
import dev.banyan.routing.Side;
import dev.banyan.routing.decide.SigningKeys;
import dev.banyan.testing.Tables;
import dev.banyan.testing.TestEdge;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** A data plane is there before its first table, which opens its listener. */
class FirstTableTest {

    @Test
    void without_a_table_it_listens_nowhere_and_can_be_drained_and_closed() throws Exception {
        try (DataPlane plane = on(TestEdge.anyPort())) {
            assertThat(plane.address()).isEmpty();
            assertThat(plane.traffic().of("orders", Side.LEGACY)).isEqualTo(TrafficCounts.Count.NONE);
            assertThat(plane.drain(Duration.ofSeconds(1))).isTrue();
        }
    }

    @Test
    void the_first_table_opens_the_listener_and_the_next_one_leaves_it_open() throws Exception {
        try (DataPlane plane = on(TestEdge.anyPort())) {
            plane.putInForce(Tables.onlyDefault(1));
            Optional<InetSocketAddress> first = plane.address();
            plane.putInForce(Tables.onlyDefault(2));

            assertThat(first).isPresent().isEqualTo(plane.address());
        }
    }

    @Test
    void a_port_that_somebody_has_is_told_and_tried_again_with_the_next_table() throws Exception {
        ServerSocket somebody = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
        try (DataPlane plane = on((InetSocketAddress) somebody.getLocalSocketAddress())) {
            assertThatThrownBy(() -> plane.putInForce(Tables.onlyDefault(1)))
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining(Integer.toString(somebody.getLocalPort()));
            assertThat(plane.address()).isEmpty();
            somebody.close();

            plane.putInForce(Tables.onlyDefault(2));

            assertThat(plane.address()).isPresent();
        }
    }

    @Test
    void a_table_that_comes_after_the_drain_opens_nothing() throws Exception {
        try (DataPlane plane = on(TestEdge.anyPort())) {
            plane.drain(Duration.ZERO);

            plane.putInForce(Tables.onlyDefault(1));

            assertThat(plane.address()).isEmpty();
        }
    }

    private static DataPlane on(InetSocketAddress address) throws IOException {
        return new DataPlane(
                new DataPlane.Settings(address, 1, false, ClientTimeouts.DEFAULT, Optional.empty()),
                new SigningKeys(new byte[32]),
                new SecureRandom(),
                Clock.systemUTC(),
                new SimpleMeterRegistry(),
                DataPlane.SideTraffic.NONE);
    }
}
