package dev.banyan.contract;

import dev.banyan.routing.Endpoint;
import dev.banyan.routing.Upstream;
import java.net.InetSocketAddress;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/** Asks an endpoint whether it is well. Side traffic: never on a client's loop. */
public interface HealthProbe {

    /**
     * How an endpoint with TLS must show who it is: as it must for requests. A probe that believed more would call well what no request
     * can use.
     *
     * @param authorities the CAs that are believed; empty: those of the JDK
     * @param versions of TLS
     */
    record Verification(List<X509Certificate> authorities, List<String> versions, List<String> ciphers) {
        public Verification {
            authorities = List.copyOf(authorities);
            versions = List.copyOf(versions);
            ciphers = List.copyOf(ciphers);
        }
    }

    /**
     * Returns at once.
     *
     * @param addresses of the endpoint, in the order in which a request would try them; not none
     * @param verification empty: without TLS
     * @param result told once, on any thread: empty if it is well, else why not, ending a sentence that begins with the endpoint
     */
    void ask(
            Upstream upstream,
            Endpoint endpoint,
            List<InetSocketAddress> addresses,
            Optional<Verification> verification,
            String path,
            Duration timeout,
            Consumer<Optional<String>> result);
}
