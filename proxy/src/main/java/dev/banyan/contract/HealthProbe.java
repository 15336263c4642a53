package dev.banyan.contract;

import dev.banyan.routing.Endpoint;
import dev.banyan.routing.Upstream;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Consumer;

/** Asks an endpoint whether it is well. Side traffic: never on a client's loop. */
public interface HealthProbe {

    /**
     * Returns at once.
     *
     * @param result told once, on any thread: empty if it is well, else why not, ending a sentence that begins with the endpoint
     */
    void ask(Upstream upstream, Endpoint endpoint, String path, Duration timeout, Consumer<Optional<String>> result);
}
