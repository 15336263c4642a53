package dev.banyan.testing;

import io.grpc.ManagedChannel;
import io.grpc.MethodDescriptor;
import io.grpc.MethodDescriptor.MethodType;
import io.grpc.Server;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.ServerInterceptors;
import io.grpc.ServerServiceDefinition;
import io.grpc.netty.shaded.io.grpc.netty.GrpcSslContexts;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import io.grpc.netty.shaded.io.grpc.netty.NettyServerBuilder;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

/** A server of grpc-java with one service, {@code shop.Till}, and a method of strings of each kind. */
public final class GrpcServer implements AutoCloseable {
    private static final String SERVICE = "shop.Till";
    private static final int MOST_BYTES = 8 << 20;

    private final Server server;

    private GrpcServer(Server server) {
        this.server = server;
    }

    /** One with a single method, of that kind. */
    public static GrpcServer with(
            MethodType type, ServerCallHandler<String, String> handler, ServerInterceptor... interceptors)
            throws IOException {
        return new GrpcServer(builder(type, handler, interceptors).build().start());
    }

    /** One that shows a certificate. */
    public static GrpcServer encrypted(
            Path certificate, Path key, MethodType type, ServerCallHandler<String, String> handler) throws IOException {
        return new GrpcServer(builder(type, handler)
                .useTransportSecurity(certificate.toFile(), key.toFile())
                .build()
                .start());
    }

    private static NettyServerBuilder builder(
            MethodType type, ServerCallHandler<String, String> handler, ServerInterceptor... interceptors) {
        ServerServiceDefinition service = ServerServiceDefinition.builder(SERVICE)
                .addMethod(method(type), handler)
                .build();
        return NettyServerBuilder.forAddress(TestEdge.anyPort())
                .maxInboundMessageSize(MOST_BYTES)
                .addService(ServerInterceptors.intercept(service, interceptors));
    }

    public static MethodDescriptor<String, String> method(MethodType type) {
        return MethodDescriptor.<String, String>newBuilder()
                .setType(type)
                .setFullMethodName(MethodDescriptor.generateFullMethodName(SERVICE, type.name()))
                .setRequestMarshaller(new Text())
                .setResponseMarshaller(new Text())
                .build();
    }

    /** A client's connections to that port. */
    public static ManagedChannel channelTo(int port) {
        return NettyChannelBuilder.forAddress("127.0.0.1", port)
                .usePlaintext()
                .disableRetry()
                .maxInboundMessageSize(MOST_BYTES)
                .build();
    }

    /** As to {@link #channelTo(int)}, with TLS and trust in that CA only, by that name. */
    public static ManagedChannel channelTo(int port, Path ca, String name) throws IOException {
        return NettyChannelBuilder.forAddress("127.0.0.1", port)
                .sslContext(
                        GrpcSslContexts.forClient().trustManager(ca.toFile()).build())
                .overrideAuthority(name)
                .disableRetry()
                .maxInboundMessageSize(MOST_BYTES)
                .build();
    }

    public int port() {
        return server.getPort();
    }

    @Override
    public void close() {
        die();
    }

    /** Breaks off whatever is under way, and listens no more. */
    public void die() {
        server.shutdownNow();
        try {
            server.awaitTermination(20, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static final class Text implements MethodDescriptor.Marshaller<String> {
        @Override
        public InputStream stream(String value) {
            return new ByteArrayInputStream(value.getBytes(StandardCharsets.UTF_8));
        }

        @Override
        public String parse(InputStream stream) {
            try (stream) {
                return new String(stream.readAllBytes(), StandardCharsets.UTF_8);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }
}
