package dev.banyan.dataplane.exchange;

/**
 * How a tunnel was.
 *
 * @param toUpstreamBytes that the client sent
 * @param toClientBytes that the upstream sent
 * @param reason why it did not end the usual way; empty if it did
 */
public record TunnelEnd(long toUpstreamBytes, long toClientBytes, String reason) {

    /** Told once, when both connections are closed. */
    @FunctionalInterface
    public interface Listener {
        void ended(TunnelEnd end);
    }
}
