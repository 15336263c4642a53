package dev.banyan.dataplane.upstream;

import static org.assertj.core.api.Assertions.assertThat;

import dev.banyan.dataplane.tls.FileWatch;
import dev.banyan.net.Networks;
import dev.banyan.routing.Endpoint;
import dev.banyan.routing.Upstream;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.resolver.DefaultAddressResolverGroup;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.stream.IntStream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.lifecycle.AfterProperty;

class BalancerTest {
    private static final long NOW = 1_000_000_000_000L;

    private final FileWatch noFiles = new FileWatch(Duration.ofHours(1));
    private final Connector connector = new Connector(
            NioSocketChannel::new,
            new Names(DefaultAddressResolverGroup.INSTANCE, new HostsFile(HostsFile.SYSTEM)),
            new AddressRules(Networks.NONE),
            noFiles);

    @AfterProperty
    void close() {
        noFiles.close();
    }

    private EndpointHandle[] endpoints(int count) {
        return IntStream.range(0, count)
                .mapToObj(i -> new EndpointHandle(
                        new EndpointHandle.Wire(
                                new Endpoint(false, "10.0.0." + i, 80), Upstream.Protocol.HTTP1, Upstream.Tls.SYSTEM),
                        connector))
                .toArray(EndpointHandle[]::new);
    }

    @Property(tries = 300)
    void one_out_of_rotation_is_never_chosen_while_another_is_in(
            @ForAll Upstream.Balance balance,
            @ForAll @IntRange(min = 2, max = 9) int count,
            @ForAll int downBits,
            @ForAll long seed) {
        EndpointHandle[] all = endpoints(count);
        int in = 0;
        for (int i = 0; i < count; i++) {
            if ((downBits & 1 << i) != 0) {
                all[i].condition().goesDown();
            } else {
                in++;
            }
        }
        Balancer balancer = new Balancer(balance);
        Random random = new Random(seed);

        for (int i = 0; i < 20; i++) {
            EndpointHandle chosen = balancer.next(all, "user:" + i, null, random, NOW);
            assertThat(chosen).isNotNull();
            assertThat(in == 0 || Objects.requireNonNull(chosen).condition().inRotation(NOW))
                    .isTrue();
        }
    }

    @Property(tries = 300)
    void one_that_has_just_failed_is_not_asked_again_while_there_is_another(
            @ForAll Upstream.Balance balance,
            @ForAll @IntRange(min = 2, max = 9) int count,
            @ForAll boolean allDown,
            @ForAll long seed) {
        EndpointHandle[] all = endpoints(count);
        if (allDown) {
            for (EndpointHandle endpoint : all) {
                endpoint.condition().goesDown();
            }
        }
        Balancer balancer = new Balancer(balance);
        Random random = new Random(seed);

        for (int i = 0; i < 20; i++) {
            assertThat(balancer.next(all, "user:" + i, all[0], random, NOW)).isNotSameAs(all[0]);
        }
    }

    @Property(tries = 50)
    void when_an_endpoint_goes_only_its_own_users_move(@ForAll @IntRange(min = 2, max = 9) int count) {
        EndpointHandle[] all = endpoints(count);
        Balancer balancer = new Balancer(Upstream.Balance.STICKY);
        Map<String, EndpointHandle> before = new HashMap<>();
        for (int user = 0; user < 200; user++) {
            before.put("user:" + user, balancer.next(all, "user:" + user, null, new Random(1), NOW));
        }

        all[0].condition().goesDown();

        before.forEach((user, endpoint) -> {
            if (endpoint != all[0]) {
                assertThat(balancer.next(all, user, null, new Random(1), NOW)).isSameAs(endpoint);
            }
        });
    }

    @Property(tries = 20)
    void one_that_came_back_gets_less_at_first_and_its_share_later(
            @ForAll long seed, @ForAll("spreading") Upstream.Balance balance) {
        EndpointHandle[] all = endpoints(2);
        all[0].condition().comesBack(NOW);
        Balancer balancer = new Balancer(balance);
        Random random = new Random(seed);

        assertThat(share(balancer, all, random, NOW)).isBetween(0.01, 0.25);
        assertThat(share(balancer, all, random, NOW + Condition.WARM_UP_NANOS)).isBetween(0.4, 1.0);
    }

    @Provide
    Arbitrary<Upstream.Balance> spreading() {
        return Arbitraries.of(Upstream.Balance.ROUND_ROBIN, Upstream.Balance.LEAST_REQUESTS);
    }

    private static double share(Balancer balancer, EndpointHandle[] all, Random random, long now) {
        long first = IntStream.range(0, 1000)
                .filter(i -> balancer.next(all, null, null, random, now) == all[0])
                .count();
        return first / 1000.0;
    }
}
