package dev.banyan.dataplane.forward;

import dev.banyan.routing.decide.Decision;

/**
 * What the rules look at beside how an attempt failed.
 *
 * @param idempotent it may run twice (RFC 9110, 9.2.2)
 * @param bodyKept it could be sent again from its first byte on
 * @param reachedClient something of an answer has, and it was more than {@code 100 Continue}
 * @param unseen the upstream surely saw nothing of the request, in no attempt
 * @param anotherEndpoint there is another endpoint than the one that failed
 * @param sentAgain it was sent a second time already
 * @param retriesLeft how often one that the upstream surely did not see may still be sent again
 */
record Circumstances(
        Decision decision,
        boolean idempotent,
        boolean bodyKept,
        boolean reachedClient,
        boolean unseen,
        boolean anotherEndpoint,
        boolean sentAgain,
        int retriesLeft) {}
