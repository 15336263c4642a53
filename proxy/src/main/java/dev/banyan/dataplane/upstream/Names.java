package dev.banyan.dataplane.upstream;

import dev.banyan.routing.Endpoint;
import io.netty.channel.EventLoop;
import io.netty.resolver.AddressResolverGroup;
import io.netty.util.concurrent.Future;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.function.Consumer;

/** Which addresses a name has now: those of the hosts file, else what name servers say. Nothing here waits. */
public final class Names {
    private final AddressResolverGroup<InetSocketAddress> servers;
    private final HostsFile hosts;

    /** @param servers must not wait on the loop that it is asked on, as a resolver of the JDK would */
    public Names(AddressResolverGroup<InetSocketAddress> servers, HostsFile hosts) {
        this.servers = servers;
        this.hosts = hosts;
    }

    /** Calls one of the two on {@code loop}, at once or later. Found are never none. */
    void resolve(EventLoop loop, Endpoint name, Consumer<List<InetAddress>> found, Consumer<Throwable> failed) {
        List<InetAddress> known = hosts.addresses(name.name());
        if (!known.isEmpty()) {
            found.accept(known);
            return;
        }
        servers.getResolver(loop)
                .resolveAll(InetSocketAddress.createUnresolved(name.host(), name.port()))
                .addListener((Future<List<InetSocketAddress>> answer) -> {
                    if (answer.isSuccess()) {
                        found.accept(answer.getNow().stream()
                                .map(InetSocketAddress::getAddress)
                                .distinct()
                                .toList());
                    } else {
                        failed.accept(answer.cause());
                    }
                });
    }
}
