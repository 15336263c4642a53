package dev.banyan.dataplane.upstream;

/** A place in an endpoint's count of what is under way; given back once, at the end of the attempt. Used on one loop. */
public final class Lease {
    private final EndpointHandle endpoint;
    private boolean ended;

    Lease(EndpointHandle endpoint) {
        this.endpoint = endpoint;
        endpoint.underWay().incrementAndGet();
    }

    public EndpointHandle endpoint() {
        return endpoint;
    }

    public void end() {
        if (!ended) {
            ended = true;
            endpoint.underWay().decrementAndGet();
        }
    }
}
