package dev.banyan.dataplane.listener;

/**
 * How many connections clients may have open.
 *
 * @param perClient 0: any number
 */
public record ConnectionLimits(int all, int perClient) {
    public static final ConnectionLimits DEFAULT = new ConnectionLimits(20_000, 0);

    public ConnectionLimits {
        if (all < 1) {
            throw new IllegalArgumentException("all: " + all + " (expected: >= 1)");
        }
        if (perClient < 0) {
            throw new IllegalArgumentException("perClient: " + perClient + " (expected: >= 0)");
        }
    }
}
