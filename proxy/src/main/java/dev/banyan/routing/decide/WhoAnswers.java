package dev.banyan.routing.decide;

import dev.banyan.routing.RequestView;
import dev.banyan.routing.Share;
import dev.banyan.routing.Side;
import dev.banyan.routing.decide.Stickiness.Sticky;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * Chooses the side. The first that applies: no legacy; no modern; frozen with writes; unsafe, and writes name an owner; frozen; a format
 * that modern does not serve; fenced; a signed forced side; a pilot; the canary.
 */
final class WhoAnswers {
    private final FenceCookie fences;
    private final ForcedSide forcedSide;
    private final Stickiness stickiness;

    WhoAnswers(FenceCookie fences, SigningKeys keys, RandomGenerator random) {
        this.fences = fences;
        this.forcedSide = new ForcedSide(keys);
        this.stickiness = new Stickiness(keys, random);
    }

    /**
     * A side and why.
     *
     * @param split users get answers of both sides for such a request
     */
    record Choice(
            Side side,
            Reason reason,
            int bucket,
            @Nullable String stickyKey,
            @Nullable String setCookie,
            boolean split) {

        private static Choice of(Side side, Reason reason, boolean split) {
            return new Choice(side, reason, NO_BUCKET, null, null, split);
        }
    }

    static final int NO_BUCKET = -1;

    Choice choose(RoutePlan plan, RequestView request, boolean safe, @Nullable String suffix, long now, Steps steps) {
        if (plan.legacy == null) {
            steps.tell("complete: the route has no legacy side any more");
            return Choice.of(Side.MODERN, Reason.COMPLETE, false);
        }
        if (plan.modern == null) {
            steps.tell("legacy only: the route has no modern side yet");
            return Choice.of(Side.LEGACY, Reason.LEGACY_ONLY, false);
        }
        if (plan.frozenWithWrites) {
            steps.tell("frozen, with writes");
            return Choice.of(Side.LEGACY, Reason.FROZEN, false);
        }
        Side owner = plan.owner;
        if (!safe && owner != null) {
            steps.tell("owner: the request is unsafe, and %s owns the data", owner.word());
            return Choice.of(owner, Reason.OWNER, plan.isSplit());
        }
        steps.tell(safe ? "owner: not asked, the request is safe" : "owner: none, both sides work on the same data");
        if (plan.frozen) {
            steps.tell("frozen");
            return Choice.of(Side.LEGACY, Reason.FROZEN, false);
        }
        steps.tell("freeze: none");
        if (!plan.modernServes(suffix)) {
            steps.tell("format: modern serves %s only", plan.route.formats());
            return Choice.of(Side.LEGACY, Reason.FORMAT, false);
        }
        return bySignedWord(plan, request, now, steps);
    }

    /** Who the request belongs to, where the canary was not asked; null: nobody can tell. */
    @Nullable
    String user(RoutePlan plan, RequestView request) {
        return stickiness.known(request, plan);
    }

    private Choice bySignedWord(RoutePlan plan, RequestView request, long now, Steps steps) {
        Side fenced = fences.sideOf(plan.fenceTag, request.cookies(), now);
        if (fenced != null) {
            steps.tell("fence: the client wrote to %s a moment ago", fenced.word());
            return Choice.of(fenced, Reason.FENCED, true);
        }
        steps.tell("fence: none");
        Side forced = forcedSide.of(request, plan.route.id(), now);
        if (forced != null) {
            steps.tell("forced side: %s, by a signed token", forced.word());
            return Choice.of(forced, Reason.FORCED, true);
        }
        steps.tell("forced side: none");
        return bySticky(plan, stickiness.of(request, plan, steps), steps);
    }

    private static Choice bySticky(RoutePlan plan, Sticky sticky, Steps steps) {
        String key = sticky.key();
        if (key != null && plan.pilots.contains(key)) {
            steps.tell("pilot: the key is on the list");
            return new Choice(Side.MODERN, Reason.PILOT, NO_BUCKET, key, sticky.setCookie(), true);
        }
        steps.tell("pilot: no");
        int bucket = key == null ? NO_BUCKET : Bucket.of(plan.route.cohort(), key);
        boolean in = key == null ? plan.canaryBasisPoints == Share.ALL.basisPoints() : bucket < plan.canaryBasisPoints;
        if (steps.areHeard()) {
            tellCanary(plan, bucket, in, steps);
        }
        return new Choice(
                in ? Side.MODERN : Side.LEGACY, Reason.CANARY, bucket, key, sticky.setCookie(), plan.isSplit());
    }

    private static void tellCanary(RoutePlan plan, int bucket, boolean in, Steps steps) {
        String canary =
                plan.inForce.canary() + (plan.inForce.canary().equals(plan.route.canary()) ? "" : ", by a flag");
        String side = in ? "modern" : "legacy";
        if (bucket == NO_BUCKET) {
            steps.tell("canary: %s, and no key to tell users apart by: %s", canary, side);
        } else {
            steps.tell("bucket: %s of cohort %s", bucket, plan.route.cohort());
            steps.tell("canary: %s, which is buckets under %s: %s", canary, plan.canaryBasisPoints, side);
        }
    }
}
