package dev.banyan.testing;

import dev.banyan.dataplane.wire.ClientTimeouts;
import io.grpc.ManagedChannel;
import java.io.IOException;
import java.util.concurrent.TimeUnit;

/** An edge before a server of gRPC, and a client's channel to the edge. */
public final class GrpcEdge implements AutoCloseable {
    private final TestEdge edge;
    private final ManagedChannel channel;

    private GrpcEdge(TestEdge edge) {
        this.edge = edge;
        this.channel = GrpcServer.channelTo(edge.port());
    }

    public static GrpcEdge before(int port) throws IOException {
        return before(port, "");
    }

    /**
     * Before a server on that port.
     *
     * @param settings more keys of the upstream, each on a line of its own
     */
    public static GrpcEdge before(int port, String settings) throws IOException {
        return before(port, settings, ClientTimeouts.DEFAULT);
    }

    public static GrpcEdge before(int port, String settings, ClientTimeouts timeouts) throws IOException {
        String yaml = """
                upstreams:
                  till:
                    url: http://127.0.0.1:%d
                    protocol: h2c
                %sdefault: till
                """.formatted(port, settings.isEmpty() ? "" : settings.indent(4));
        return new GrpcEdge(TestEdge.with(Tables.of(yaml), timeouts));
    }

    public TestEdge edge() {
        return edge;
    }

    public ManagedChannel channel() {
        return channel;
    }

    /** {@code closed}, {@code open} or {@code half-open}. */
    public String breaker() {
        return edge.plane().upstreams().of("till").orElseThrow().breaker();
    }

    @Override
    public void close() throws IOException {
        channel.shutdownNow();
        try {
            channel.awaitTermination(20, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        edge.close();
    }
}
