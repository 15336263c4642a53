package dev.banyan.dataplane.mirror;

import dev.banyan.routing.Words;

/** Why a request that was to be copied was not, or its answers are not compared. */
public enum Unmade {
    /** The query has a name under which secrets travel. */
    SECRET_QUERY,
    /** An answer of this route said once that a request had written something, whatever its method. */
    WROTE,
    /** The route's other side does not serve this spelling, or there is no such side. */
    NOT_SERVED,
    /** Its body was larger than may be held. */
    BODY_TOO_LARGE,
    /** The client's answer came by a fallback, was Banyan's own, or broke off. */
    NO_ANSWER,
    /** The client's answer was larger than is looked at. */
    ANSWER_TOO_LARGE,
    /** As many copies are under way as may be. */
    BUDGET,
    /** The other side strains: clients wait for it, or its breaker is open. */
    STRAINED,
    /** The route is not what it was when the request came: frozen, no longer shadowed, or with other rules or upstreams. */
    STOPPED,
    /** The other side said 429, and is left alone for a while. */
    RATE_LIMITED,
    /** The test user of the setting {@code parity.probe-as} is not signed in. */
    TEST_USER_UNKNOWN,
    /** Where what was written can be read neither the match's names tell nor the answer's Location, or no route serves it. */
    NO_RESOURCE,
    /** The comparing is behind. */
    NOT_TAKEN;

    /** As metrics have it: {@code secret-query}. */
    public String word() {
        return Words.of(this);
    }
}
