package dev.banyan.contract;

/**
 * One request that legacy answered twice, the second time as late as a shadow: what differs between the two differs by itself.
 *
 * @param match which of the route's matches, as its file writes it
 * @param keyHash tells users apart within this process; 0: nobody can tell
 */
public record RepeatedAnswer(
        String route, String match, long keyHash, String requestId, SeenAnswer first, SeenAnswer second) {}
