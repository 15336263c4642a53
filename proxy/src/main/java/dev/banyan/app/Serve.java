package dev.banyan.app;

import dev.banyan.cli.ListenAddress;
import dev.banyan.cli.ServeOptions;
import dev.banyan.cli.Server;
import dev.banyan.cli.Surroundings;
import dev.banyan.controlplane.admin.AdminSettings;
import dev.banyan.dataplane.DataPlane;
import dev.banyan.dataplane.wire.http1.ServerConnection;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** {@code banyan serve}: one proxy until it is told to stop. */
final class Serve implements Server<ServeOptions> {
    private static final Duration DRAIN = Duration.ofSeconds(30);

    private final Surroundings surroundings;

    Serve(Surroundings surroundings) {
        this.surroundings = surroundings;
    }

    @Override
    public int run(ServeOptions options) throws IOException {
        if (options.check()) {
            return new ServeCheck(surroundings).run(options);
        }
        ServerLog.toStandardError();
        Stopping stopping = new Stopping();
        try (BanyanProxy proxy = BanyanProxy.start(settings(options), surroundings.clock())) {
            surroundings.err().println("banyan: " + standing(proxy, options));
            stopping.await();
            proxy.drain(DRAIN);
        } finally {
            stopping.done();
        }
        return 0;
    }

    private static String standing(BanyanProxy proxy, ServeOptions options) {
        String admin = "admin on " + new ListenAddress(options.adminListen().host(), proxy.adminPort());
        return proxy.address()
                .map(address ->
                        "serving on " + new ListenAddress(options.listen().host(), address.getPort()) + ", " + admin)
                .orElse("not ready, no table yet (see /readyz), " + admin);
    }

    private static ProxySettings settings(ServeOptions options) {
        return new ProxySettings(
                options.data(),
                options.routes(),
                new DataPlane.Settings(
                        socketAddress(options.listen()),
                        0,
                        options.debugHeaders(),
                        ServerConnection.Timeouts.DEFAULT,
                        Optional.of(new StandardOutput())),
                new AdminSettings(
                        address(options.adminListen()),
                        address(options.healthListen()),
                        options.data(),
                        List.of(),
                        false));
    }

    private static InetSocketAddress socketAddress(ListenAddress address) {
        return new InetSocketAddress(address.host(), address.port());
    }

    private static AdminSettings.Address address(ListenAddress address) {
        return new AdminSettings.Address(address.host(), address.port());
    }
}
