package dev.banyan.testing;

import dev.banyan.dataplane.DataPlane;
import dev.banyan.dataplane.listener.ListenerSettings;
import dev.banyan.dataplane.tls.CertificateFiles;
import dev.banyan.dataplane.tls.TlsProvider;
import dev.banyan.dataplane.tls.TlsSettings;
import dev.banyan.dataplane.upstream.AddressRules;
import dev.banyan.dataplane.wire.ClientTimeouts;
import dev.banyan.net.Networks;
import dev.banyan.routing.RoutingTable;
import dev.banyan.routing.decide.SigningKeys;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.channels.WritableByteChannel;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** A data plane on a free port, as tests use it. */
public final class TestEdge implements AutoCloseable {
    private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
    private final DataPlane plane;

    private TestEdge(RoutingTable table, DataPlane.Settings settings, DataPlane.SideTraffic sideTraffic)
            throws IOException {
        this(table, settings, sideTraffic, Clock.systemUTC());
    }

    private TestEdge(RoutingTable table, DataPlane.Settings settings, DataPlane.SideTraffic sideTraffic, Clock clock)
            throws IOException {
        plane = new DataPlane(
                settings, new SigningKeys(new byte[32]), new SecureRandom(), clock, registry, sideTraffic);
        try {
            plane.putInForce(table);
        } catch (IOException e) {
            plane.close();
            throw e;
        }
    }

    public static TestEdge with(RoutingTable table, DataPlane.Settings settings) throws IOException {
        return new TestEdge(table, settings, DataPlane.SideTraffic.NONE);
    }

    public static TestEdge with(RoutingTable table, DataPlane.Settings settings, DataPlane.SideTraffic sideTraffic)
            throws IOException {
        return new TestEdge(table, settings, sideTraffic);
    }

    public static TestEdge with(RoutingTable table) throws IOException {
        return with(table, ClientTimeouts.DEFAULT);
    }

    public static TestEdge with(RoutingTable table, ClientTimeouts timeouts) throws IOException {
        return with(table, new DataPlane.Settings(anyPort(), 2, true, timeouts, Optional.empty()));
    }

    public static TestEdge with(RoutingTable table, DataPlane.SideTraffic sideTraffic) throws IOException {
        return new TestEdge(
                table,
                new DataPlane.Settings(anyPort(), 2, true, ClientTimeouts.DEFAULT, Optional.empty()),
                sideTraffic);
    }

    /** One with a single event loop, which asks that clock. */
    public static TestEdge withOneLoop(RoutingTable table, Clock clock) throws IOException {
        return new TestEdge(
                table,
                new DataPlane.Settings(anyPort(), 1, true, ClientTimeouts.DEFAULT, Optional.empty()),
                DataPlane.SideTraffic.NONE,
                clock);
    }

    /** One with proxies in front of it. */
    public static TestEdge with(RoutingTable table, ListenerSettings listen, ClientTimeouts timeouts)
            throws IOException {
        return with(
                table,
                new DataPlane.Settings(listen, new AddressRules(Networks.NONE), 2, true, timeouts, Optional.empty()));
    }

    /** One that writes its access log there. */
    public static TestEdge logging(RoutingTable table, ListenerSettings listen, WritableByteChannel accessLog)
            throws IOException {
        return with(
                table,
                new DataPlane.Settings(
                        listen,
                        new AddressRules(Networks.NONE),
                        2,
                        true,
                        ClientTimeouts.DEFAULT,
                        Optional.of(accessLog)));
    }

    /** One with TLS, beside the plain port. The certificate's files are put into that directory. */
    public static TestEdge encrypted(
            RoutingTable table, TlsProvider provider, TestCertificate certificate, Path directory)
            throws IOException, GeneralSecurityException {
        CertificateFiles files = new CertificateFiles(
                certificate.writeCertificate(directory.resolve("edge.crt")),
                certificate.writeKey(directory.resolve("edge.key")),
                List.of());
        TlsSettings tls = new TlsSettings(anyPort(), List.of(files), Duration.ofSeconds(1), provider);
        return with(
                table,
                new ListenerSettings(Optional.of(anyPort()), Optional.of(tls), Networks.NONE, false),
                ClientTimeouts.DEFAULT);
    }

    public static InetSocketAddress anyPort() {
        return new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    }

    /** Everything to one upstream on that port. */
    public static TestEdge forwardingTo(int port) throws IOException {
        return with(Tables.onlyDefault(port));
    }

    public int port() {
        return plane.address().orElseThrow().getPort();
    }

    public int tlsPort() {
        return plane.tlsAddress().orElseThrow().getPort();
    }

    public URI uri(String path) {
        return URI.create("http://127.0.0.1:" + port() + path);
    }

    public DataPlane plane() {
        return plane;
    }

    public SimpleMeterRegistry registry() {
        return registry;
    }

    @Override
    public void close() throws IOException {
        plane.close();
    }
}
