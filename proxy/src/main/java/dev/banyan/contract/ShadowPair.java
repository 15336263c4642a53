package dev.banyan.contract;

import dev.banyan.routing.Side;

/**
 * One request and what both sides answered to it: what the client got, and what came of the copy.
 *
 * @param match which of the route's matches, as its file writes it
 * @param revision the one that the request saw
 * @param second seconds since 1970 when its copy was over
 * @param keyHash tells users apart within this process; 0: nobody can tell
 * @param targetHash tells targets apart, path and query
 * @param requestId by which the logs of both sides find it
 * @param answered which side the client's answer came from
 * @param secondLook by which both sides can be asked once more
 */
public record ShadowPair(
        String route,
        String match,
        long revision,
        long second,
        long keyHash,
        long targetHash,
        String requestId,
        Side answered,
        SeenAnswer legacy,
        SeenAnswer modern,
        SecondLook secondLook) {

    /** The same without what the sides said, for who has read it. */
    public ShadowPair read() {
        return new ShadowPair(
                route,
                match,
                revision,
                second,
                keyHash,
                targetHash,
                requestId,
                answered,
                legacy.withoutBody(),
                modern.withoutBody(),
                SecondLook.NONE);
    }
}
