package dev.banyan.dataplane.upstream;

import dev.banyan.net.IpAddress;
import dev.banyan.net.Networks;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * To which addresses no connection is made, whoever wrote them and whatever name led there: this proxy's own listeners, and what is
 * for the machine alone. Judged at the last moment, so that no answer of a name server comes between (Contour GHSA-5ph6-qq5x-7jwc).
 */
public final class AddressRules {
    private final Networks allowed;
    private final Map<InetSocketAddress, String> own = new ConcurrentHashMap<>();

    /** @param allowed of the link-local and metadata addresses, those that upstreams may have after all */
    public AddressRules(Networks allowed) {
        this.allowed = allowed;
    }

    /** An address that this proxy listens on, and what is there: {@code the admin API}. */
    public void own(InetSocketAddress address, String what) {
        own.put(address, what);
    }

    /** Why no connection is made; null if it may be. Ends a sentence that begins with the upstream's name. */
    public @Nullable String refusal(InetSocketAddress resolved) {
        InetAddress address = resolved.getAddress();
        if (address == null) {
            return null;
        }
        IpAddress ip = IpAddress.of(address.getAddress());
        if (Networks.LINK_LOCAL_AND_METADATA.contain(ip) && !allowed.contain(ip)) {
            return "is at " + ip + ", a link-local or metadata address, which the settings of this proxy do not allow";
        }
        for (Map.Entry<InetSocketAddress, String> listener : own.entrySet()) {
            if (leadsTo(listener.getKey(), address, resolved.getPort())) {
                return "is at " + ip + " port " + resolved.getPort() + ", where this proxy itself has "
                        + listener.getValue();
            }
        }
        return null;
    }

    private static boolean leadsTo(InetSocketAddress listener, InetAddress address, int port) {
        if (listener.getPort() != port) {
            return false;
        }
        // A listener on all addresses is met by any of this machine's; "any address" as a destination means this
        // machine.
        return listener.getAddress().equals(address)
                || (address.isAnyLocalAddress() || listener.getAddress().isAnyLocalAddress())
                        && isOfThisMachine(address);
    }

    private static boolean isOfThisMachine(InetAddress address) {
        try {
            return address.isAnyLocalAddress()
                    || address.isLoopbackAddress()
                    || NetworkInterface.getByInetAddress(address) != null;
        } catch (SocketException e) {
            // Better an upstream that cannot be reached than an admin API that can.
            return true;
        }
    }

    /** No connection was made, because none may be. */
    static final class Refused extends ConnectException {
        private static final long serialVersionUID = 1;

        Refused(String why) {
            super(why);
        }
    }
}
