package dev.banyan.net;

import java.util.Arrays;
import java.util.List;

/** A list of networks; it may be empty. */
public record Networks(List<Network> networks) {
    public static final Networks NONE = new Networks(List.of());

    /**
     * Link-local addresses, and where clouds tell a machine its own credentials: what no upstream is behind, and what an attacker
     * would have us ask (Traefik CVE-2026-44774).
     */
    public static final Networks LINK_LOCAL_AND_METADATA =
            of("169.254.0.0/16", "fe80::/10", "fd00:ec2::254", "fd20:ce::254", "100.100.100.200", "168.63.129.16");

    public Networks {
        networks = List.copyOf(networks);
    }

    /** For constants. */
    public static Networks of(String... texts) {
        return new Networks(Arrays.stream(texts).map(Network::of).toList());
    }

    public boolean contain(IpAddress address) {
        for (Network network : networks) {
            if (network.contains(address)) {
                return true;
            }
        }
        return false;
    }

    public boolean isEmpty() {
        return networks.isEmpty();
    }

    @Override
    public String toString() {
        return networks.toString();
    }
}
