package dev.banyan.dataplane;

import dev.banyan.dataplane.tls.FileWatch;
import dev.banyan.dataplane.upstream.HostsFile;
import dev.banyan.dataplane.upstream.Names;
import io.netty.resolver.dns.DnsAddressResolverGroup;
import io.netty.resolver.dns.DnsNameResolverBuilder;
import io.netty.resolver.dns.SequentialDnsServerAddressStreamProvider;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/** Where the addresses of upstreams' names come from, with what keeps them up to date. */
final class NameLookup implements AutoCloseable {
    private static final Duration QUERY_TIMEOUT = Duration.ofSeconds(2);
    private static final Duration HOSTS_READ_EVERY = Duration.ofSeconds(1);

    private final FileWatch watch = new FileWatch(HOSTS_READ_EVERY);
    private final Names names;

    /** @param nameServers who is asked; empty: those of the system */
    NameLookup(Transport transport, List<InetSocketAddress> nameServers, Path hostsFile) {
        DnsNameResolverBuilder builder = new DnsNameResolverBuilder()
                .datagramChannelFactory(transport.datagramSockets())
                // Names looks there itself: Netty reads the file once and for all.
                .hostsFileEntriesResolver((name, types) -> null)
                .queryTimeoutMillis(QUERY_TIMEOUT.toMillis());
        if (!nameServers.isEmpty()) {
            builder.nameServerProvider(
                    new SequentialDnsServerAddressStreamProvider(nameServers.toArray(InetSocketAddress[]::new)));
        }
        HostsFile hosts = new HostsFile(hostsFile);
        watch.add(hosts);
        this.names = new Names(new DnsAddressResolverGroup(builder), hosts);
    }

    Names names() {
        return names;
    }

    /** Of the loops' resolvers nothing is left when the loops have ended. */
    @Override
    public void close() {
        watch.close();
    }
}
