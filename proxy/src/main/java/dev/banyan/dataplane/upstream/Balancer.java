package dev.banyan.dataplane.upstream;

import dev.banyan.routing.Upstream;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * Which endpoint gets the next request: of those in rotation, or, where none is, of all. A wrong probe or a burst of errors must not be
 * an outage; Envoy and YARP call it panic.
 */
final class Balancer {
    private final Upstream.Balance balance;
    private final AtomicInteger turn = new AtomicInteger();

    Balancer(Upstream.Balance balance) {
        this.balance = balance;
    }

    /**
     * Null only if there is no endpoint at all.
     *
     * @param affinity who asks, for {@code sticky}; null: nobody knows
     * @param avoid it has just failed: not again if there is another
     */
    @Nullable
    EndpointHandle next(
            EndpointHandle[] all,
            @Nullable String affinity,
            @Nullable EndpointHandle avoid,
            RandomGenerator random,
            long nowNanos) {
        if (all.length <= 1) {
            return all.length == 0 ? null : all[0];
        }
        EndpointHandle[] candidates = inRotation(all, avoid, nowNanos);
        if (candidates.length == 1) {
            return candidates[0];
        }
        if (balance == Upstream.Balance.STICKY && affinity != null) {
            return ofHighestScore(candidates, affinity);
        }
        return balance == Upstream.Balance.ROUND_ROBIN
                ? inTurn(candidates, random, nowNanos)
                : leastOfTwo(candidates, random, nowNanos);
    }

    /** Usually all of them, without a copy. */
    private static EndpointHandle[] inRotation(EndpointHandle[] all, @Nullable EndpointHandle avoid, long nowNanos) {
        int fit = 0;
        for (EndpointHandle endpoint : all) {
            fit += endpoint != avoid && endpoint.condition().inRotation(nowNanos) ? 1 : 0;
        }
        if (fit == all.length) {
            return all;
        }
        EndpointHandle[] fitting = new EndpointHandle[fit == 0 ? all.length - (avoid == null ? 0 : 1) : fit];
        int count = 0;
        for (EndpointHandle endpoint : all) {
            boolean fits =
                    endpoint != avoid && (fit == 0 || endpoint.condition().inRotation(nowNanos));
            if (fits && count < fitting.length) {
                fitting[count++] = endpoint;
            }
        }
        // One may have left the rotation between the two looks: who is asked then answers or fails, as it would have a
        // moment ago.
        return count == fitting.length && count > 0 ? fitting : all;
    }

    /**
     * The one of two with fewer under way: nearly as even as asking all, and no herd runs to the idlest (Mitzenmacher, The power of two
     * choices in randomized load balancing, 2001).
     */
    private static EndpointHandle leastOfTwo(EndpointHandle[] candidates, RandomGenerator random, long nowNanos) {
        int first = random.nextInt(candidates.length);
        int second = (first + 1 + random.nextInt(candidates.length - 1)) % candidates.length;
        EndpointHandle one = candidates[first];
        EndpointHandle other = candidates[second];
        double warmthOfOne = one.condition().warmth(nowNanos);
        double warmthOfOther = other.condition().warmth(nowNanos);
        if (warmthOfOne < warmthOfOther && random.nextDouble() >= warmthOfOne) {
            return other;
        }
        if (warmthOfOther < warmthOfOne && random.nextDouble() >= warmthOfOther) {
            return one;
        }
        return one.underWay().get() <= other.underWay().get() ? one : other;
    }

    private EndpointHandle inTurn(EndpointHandle[] candidates, RandomGenerator random, long nowNanos) {
        EndpointHandle next = candidates[0];
        for (int i = 0; i < candidates.length; i++) {
            next = candidates[Math.floorMod(turn.getAndIncrement(), candidates.length)];
            double warmth = next.condition().warmth(nowNanos);
            if (warmth >= 1 || random.nextDouble() < warmth) {
                return next;
            }
        }
        return next;
    }

    /**
     * Rendezvous hashing: when an endpoint goes, only its own users move, and they come back with it (Thaler and Ravishankar, Using
     * name-based mappings to increase hit rates, 1998).
     */
    private static EndpointHandle ofHighestScore(EndpointHandle[] candidates, String affinity) {
        EndpointHandle best = candidates[0];
        long highest = Long.MIN_VALUE;
        for (EndpointHandle candidate : candidates) {
            long score = mixed(affinity.hashCode() * 31L + candidate.authority().hashCode() * 0x9E3779B97F4A7C15L);
            if (score > highest) {
                highest = score;
                best = candidate;
            }
        }
        return best;
    }

    /** Every bit of the result depends on every bit of the input (MurmurHash3's finalizer, by Austin Appleby). */
    private static long mixed(long bits) {
        long mixed = (bits ^ (bits >>> 33)) * 0xff51afd7ed558ccdL;
        mixed = (mixed ^ (mixed >>> 33)) * 0xc4ceb9fe1a85ec53L;
        return mixed ^ (mixed >>> 33);
    }
}
