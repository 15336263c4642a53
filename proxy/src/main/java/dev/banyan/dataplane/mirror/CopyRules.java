package dev.banyan.dataplane.mirror;

import dev.banyan.dataplane.message.FieldLine;
import java.util.List;
import java.util.function.Supplier;

/**
 * What holds for the copies and repeats of all routes.
 *
 * @param secrets which requests are never copied
 * @param repeatsCookies whether a request that carries a cookie may be made once more to the side that has answered it. Where the server
 *     keeps the sessions it may not: a flash, or a token for one use, would be used up
 * @param strangersAddress where requests without a client's credentials say that they come from, so that no limit counts them for one
 * @param testUser the credentials of the user as whom requests are made once more; empty: there is none
 */
public record CopyRules(
        SecretQueries secrets, boolean repeatsCookies, String strangersAddress, Supplier<List<FieldLine>> testUser) {
    /** For documentation, of nobody (RFC 5737). */
    public static final String NOBODYS_ADDRESS = "192.0.2.1";

    public static final CopyRules USUAL =
            new CopyRules(new SecretQueries(SecretQueries.USUAL), true, NOBODYS_ADDRESS, List::of);

    /** The same before a monolith that keeps its sessions itself. */
    public CopyRules withoutCookies() {
        return new CopyRules(secrets, false, strangersAddress, testUser);
    }

    /** The same with a test user. */
    public CopyRules withTestUser(List<FieldLine> credentials) {
        return new CopyRules(secrets, repeatsCookies, strangersAddress, () -> credentials);
    }
}
