package dev.banyan.dataplane.upstream;

import dev.banyan.net.IpAddress;
import dev.banyan.net.Race;
import dev.banyan.routing.Endpoint;
import io.netty.channel.ConnectTimeoutException;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.List;
import java.util.stream.Collectors;

/** Says in a few words why no connection came about, and what was tried; the end of a sentence that begins with the upstream's name. */
final class ConnectFailure {
    private ConnectFailure() {}

    /** Of a name the addresses are told: who reads it knows the name, and not where it leads to. */
    static String describe(EndpointHandle endpoint, List<Race.Failure<InetSocketAddress, Throwable>> failures) {
        Throwable first = failures.get(0).cause();
        if (failures.stream().allMatch(failure -> failure.cause() instanceof AddressRules.Refused)) {
            return String.valueOf(first.getMessage());
        }
        if (endpoint.literal() != null) {
            return phrase(first) + " at " + endpoint.authority();
        }
        boolean alike =
                failures.stream().allMatch(failure -> phrase(failure.cause()).equals(phrase(first)));
        if (alike) {
            return phrase(first) + " at " + endpoint.authority() + " ("
                    + failures.stream().map(ConnectFailure::ip).collect(Collectors.joining(", ")) + ")";
        }
        return "gave no connection at " + endpoint.authority() + ": "
                + failures.stream()
                        .map(failure -> ip(failure) + " " + phrase(failure.cause()))
                        .collect(Collectors.joining("; "));
    }

    static String unresolved(Endpoint endpoint, Throwable cause) {
        return cause instanceof UnknownHostException
                ? "has a name that does not resolve: " + endpoint.host()
                : "has a name whose addresses cannot be found out: " + endpoint.host();
    }

    static String unresolvedInTime(Endpoint endpoint) {
        return "has a name that did not resolve in time: " + endpoint.host();
    }

    private static String ip(Race.Failure<InetSocketAddress, Throwable> failure) {
        return IpAddress.of(failure.place().getAddress().getAddress()).toString();
    }

    private static String phrase(Throwable cause) {
        if (cause instanceof AddressRules.Refused) {
            return "is where no upstream may be";
        }
        if (cause instanceof ConnectTimeoutException) {
            return "did not take the connection in time";
        }
        return cause instanceof ConnectException ? "refused the connection" : "could not be connected to";
    }
}
