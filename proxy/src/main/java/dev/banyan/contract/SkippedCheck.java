package dev.banyan.contract;

/**
 * Modern served what legacy refuses to somebody.
 *
 * @param match which of the route's matches, as its file writes it
 * @param revision the one that the client's request saw
 * @param second seconds since 1970
 * @param requestId of the client's request that was asked once more so
 * @param ofOwner to a test user, what is somebody else's; else to nobody in particular, without any credentials
 * @param surely whether it is sure that it was not a page to log in by
 * @param legacy its status
 * @param modern its status
 */
public record SkippedCheck(
        String route,
        String match,
        long revision,
        long second,
        String requestId,
        boolean ofOwner,
        boolean surely,
        int legacy,
        int modern) {}
