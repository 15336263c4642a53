package dev.banyan.dataplane.upstream;

import dev.banyan.dataplane.exchange.UpstreamFailure;
import dev.banyan.dataplane.exchange.UpstreamFailure.Kind;
import dev.banyan.dataplane.exchange.UpstreamStream;
import dev.banyan.dataplane.loop.Loop;
import dev.banyan.net.Race;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * One attempt's search for a connection among the addresses of one name. Nothing is sent while it lasts, so that it is no retry: it needs
 * no budget, and only its end is told.
 */
final class EndpointSearch implements Race.Course<EndpointHandle, EndpointSearch.Found, UpstreamFailure> {
    private static final int MOST_TOLD = 8;

    private final UpstreamHandle upstream;
    private final Loop loop;
    private final Freshness freshness;
    private final Taker taker;
    private final Set<EndpointHandle> opening = new HashSet<>();

    /** What an endpoint gave. */
    record Found(UpstreamStream stream, Lease lease) {}

    EndpointSearch(UpstreamHandle upstream, Loop loop, Freshness freshness, Taker taker) {
        this.upstream = upstream;
        this.loop = loop;
        this.freshness = freshness;
        this.taker = taker;
    }

    /**
     * Gives one to the taker, at once or later.
     *
     * @param first whose turn it is
     * @param avoid it has just failed, and comes last; null: none has
     */
    void begin(EndpointHandle first, @Nullable EndpointHandle avoid, Duration timeout, EndpointHandle... all) {
        new Race<>(order(first, avoid, all), timeout, this, System::nanoTime).begin();
    }

    private List<EndpointHandle> order(EndpointHandle first, @Nullable EndpointHandle avoid, EndpointHandle... all) {
        long now = loop.coarseNanos();
        List<EndpointHandle> shuffled = new ArrayList<>(List.of(all));
        Collections.shuffle(shuffled, ThreadLocalRandom.current());
        List<EndpointHandle> order = new ArrayList<>(all.length);
        List<EndpointHandle> last = new ArrayList<>();
        order.add(first);
        for (EndpointHandle endpoint : shuffled) {
            if (endpoint != first) {
                boolean fit = endpoint != avoid && endpoint.condition().inRotation(now);
                (fit ? order : last).add(endpoint);
            }
        }
        order.addAll(last);
        return order;
    }

    @Override
    public void open(EndpointHandle endpoint, Duration limit, Race.Runner<Found, UpstreamFailure> runner) {
        opening.add(endpoint);
        Taker one = new Taker() {
            @Override
            public void connected(UpstreamStream stream, Lease lease) {
                opening.remove(endpoint);
                runner.stands(new Found(stream, lease));
            }

            @Override
            public void failed(UpstreamFailure failure, @Nullable EndpointHandle at) {
                opening.remove(endpoint);
                upstream.unreachable(endpoint, failure.kind().reason());
                runner.failed(failure);
            }
        };
        Pool pool = endpoint.pool(loop);
        if (!pool.tookOpen(freshness, one)) {
            pool.open(limit, one);
        }
    }

    @Override
    public void later(Duration delay, Runnable task) {
        loop.eventLoop().schedule(task, delay.toNanos(), TimeUnit.NANOSECONDS);
    }

    @Override
    public void close(Found loser) {
        loser.stream().cancel();
        loser.lease().end();
    }

    @Override
    public void won(EndpointHandle endpoint, Found found) {
        opening.forEach(upstream::overtaken);
        taker.connected(found.stream(), found.lease());
    }

    /** Each endpoint's failure is counted already. */
    @Override
    public void lost(List<Race.Failure<EndpointHandle, UpstreamFailure>> failures) {
        String told = failures.stream()
                .limit(MOST_TOLD)
                .map(failure -> failure.cause().detail())
                .collect(Collectors.joining("; "));
        int more = failures.size() - MOST_TOLD;
        taker.failed(new UpstreamFailure(Kind.CONNECT, more > 0 ? told + "; and " + more + " more" : told), null);
    }
}
