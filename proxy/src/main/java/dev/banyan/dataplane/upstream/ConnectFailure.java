package dev.banyan.dataplane.upstream;

import dev.banyan.routing.Endpoint;
import io.netty.channel.ConnectTimeoutException;
import java.net.ConnectException;
import java.net.UnknownHostException;
import javax.net.ssl.SSLException;

/** Says in a few words why no connection came about. */
final class ConnectFailure {
    private ConnectFailure() {}

    /** Ends a sentence that begins with the upstream's name. */
    static String describe(Endpoint endpoint, Throwable cause) {
        if (cause instanceof AddressRules.Refused refused) {
            return String.valueOf(refused.getMessage());
        }
        if (cause instanceof ConnectTimeoutException) {
            return "did not take the connection in time at " + endpoint.authority();
        }
        if (cause instanceof UnknownHostException) {
            return "has a name that does not resolve: " + endpoint.host();
        }
        if (cause instanceof ConnectException) {
            return "refused the connection at " + endpoint.authority();
        }
        if (cause instanceof SSLException) {
            return UpstreamTls.describe(endpoint, cause);
        }
        return "could not be connected to at " + endpoint.authority();
    }
}
