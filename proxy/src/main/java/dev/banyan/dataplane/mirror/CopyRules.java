package dev.banyan.dataplane.mirror;

/**
 * What holds for the copies and repeats of all routes.
 *
 * @param secrets which requests are never copied
 * @param repeatsCookies whether a request that carries a cookie may be made once more to the side that has answered it. Where the server
 *     keeps the sessions it may not: a flash, or a token for one use, would be used up
 */
public record CopyRules(SecretQueries secrets, boolean repeatsCookies) {
    public static final CopyRules USUAL = new CopyRules(new SecretQueries(SecretQueries.USUAL), true);
}
