package dev.banyan.traffic.grpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.banyan.dataplane.listener.ListenerSettings;
import dev.banyan.dataplane.tls.CertificateFiles;
import dev.banyan.dataplane.tls.TlsProvider;
import dev.banyan.dataplane.tls.TlsSettings;
import dev.banyan.dataplane.wire.ClientTimeouts;
import dev.banyan.net.Networks;
import dev.banyan.testing.GrpcServer;
import dev.banyan.testing.Heard;
import dev.banyan.testing.Tables;
import dev.banyan.testing.TestCertificate;
import dev.banyan.testing.TestEdge;
import io.grpc.CallOptions;
import io.grpc.ManagedChannel;
import io.grpc.MethodDescriptor.MethodType;
import io.grpc.ServerCallHandler;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.ClientCalls;
import io.grpc.stub.ServerCalls;
import io.grpc.stub.StreamObserver;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Calls of gRPC with TLS on both sides, h2 agreed on by ALPN, and a CA of the house behind Banyan. */
class GrpcTlsTest {
    private static final String FRONT = "api.bank.test";
    private static final String BEHIND = "till.internal";
    private static final String LARGE = "x".repeat(1 << 20);

    @TempDir
    private Path directory;

    private TestCertificate publicCa;
    private TestCertificate privateCa;

    @BeforeEach
    void start() throws Exception {
        publicCa = TestCertificate.ca("public");
        privateCa = TestCertificate.ca("private");
    }

    /** Gives back each message that it hears, and at the end how many there were. */
    private static final class Echo implements StreamObserver<String> {
        private final StreamObserver<String> answers;
        private final boolean each;
        private int heard;

        Echo(StreamObserver<String> answers, boolean each) {
            this.answers = answers;
            this.each = each;
        }

        @Override
        public void onNext(String message) {
            heard++;
            if (each) {
                answers.onNext(message);
            }
        }

        @Override
        public void onError(Throwable error) {
            // The client is gone, and nobody is left to tell.
        }

        @Override
        public void onCompleted() {
            answers.onNext("heard " + heard);
            answers.onCompleted();
        }
    }

    private static ServerCallHandler<String, String> handler(MethodType type) {
        return switch (type) {
            case UNARY -> ServerCalls.asyncUnaryCall(GrpcTlsTest::once);
            case SERVER_STREAMING ->
                ServerCalls.asyncServerStreamingCall((message, answers) -> {
                    answers.onNext(message);
                    answers.onNext(message);
                    once(message, answers);
                });
            case CLIENT_STREAMING -> ServerCalls.asyncClientStreamingCall(answers -> new Echo(answers, false));
            default -> ServerCalls.asyncBidiStreamingCall(answers -> new Echo(answers, true));
        };
    }

    private static void once(String message, StreamObserver<String> answers) {
        answers.onNext(message);
        answers.onCompleted();
    }

    private GrpcServer server(MethodType type) throws Exception {
        TestCertificate own = privateCa.signs(BEHIND);
        return GrpcServer.encrypted(
                own.writeCertificate(directory.resolve("till.crt")),
                own.writeKey(directory.resolve("till.key")),
                type,
                handler(type));
    }

    private TestEdge edge(TlsProvider provider, int to, TestCertificate trusted) throws Exception {
        assumeTrue(provider == TlsProvider.JDK || TlsProvider.best() == provider, "BoringSSL is not there");
        Path ca = trusted.writeCertificate(directory.resolve("private-ca.crt"));
        TestCertificate own = publicCa.signs(FRONT);
        CertificateFiles files = new CertificateFiles(
                own.writeCertificate(directory.resolve("front.crt")),
                own.writeKey(directory.resolve("front.key")),
                List.of());
        return TestEdge.with(
                Tables.of("""
                        upstreams:
                          till:
                            url: https://127.0.0.1:%d
                            protocol: h2
                            tls: { ca: "%s", server-name: %s }
                        default: till
                        """.formatted(to, ca, BEHIND)),
                new ListenerSettings(
                        Optional.empty(),
                        Optional.of(
                                new TlsSettings(TestEdge.anyPort(), List.of(files), Duration.ofSeconds(5), provider)),
                        Networks.NONE,
                        false),
                ClientTimeouts.DEFAULT);
    }

    private ManagedChannel channel(TestEdge edge) throws Exception {
        return GrpcServer.channelTo(
                edge.tlsPort(), publicCa.writeCertificate(directory.resolve("public-ca.crt")), FRONT);
    }

    private static Stream<Arguments> kindsAndProviders() {
        return Stream.of(
                        MethodType.UNARY,
                        MethodType.SERVER_STREAMING,
                        MethodType.CLIENT_STREAMING,
                        MethodType.BIDI_STREAMING)
                .flatMap(type -> Stream.of(TlsProvider.values()).map(provider -> Arguments.of(type, provider)));
    }

    @ParameterizedTest(name = "{0}, {1}")
    @MethodSource("kindsAndProviders")
    void a_call_of_each_kind_with_messages_of_a_mebibyte(MethodType type, TlsProvider provider) throws Exception {
        try (GrpcServer server = server(type);
                TestEdge edge = edge(provider, server.port(), privateCa)) {
            ManagedChannel channel = channel(edge);
            Heard heard = new Heard();

            var call = channel.newCall(GrpcServer.method(type), CallOptions.DEFAULT);
            switch (type) {
                case UNARY -> {
                    ClientCalls.asyncUnaryCall(call, LARGE, heard);
                    assertThat(heard.next().equals(LARGE)).isTrue();
                }
                case SERVER_STREAMING -> {
                    ClientCalls.asyncServerStreamingCall(call, LARGE, heard);
                    for (int i = 0; i < 3; i++) {
                        assertThat(heard.next().equals(LARGE)).isTrue();
                    }
                }
                case CLIENT_STREAMING -> {
                    StreamObserver<String> messages = ClientCalls.asyncClientStreamingCall(call, heard);
                    messages.onNext(LARGE);
                    messages.onNext(LARGE);
                    messages.onCompleted();
                    assertThat(heard.next()).isEqualTo("heard 2");
                }
                default -> {
                    StreamObserver<String> messages = ClientCalls.asyncBidiStreamingCall(call, heard);
                    for (int i = 0; i < 3; i++) {
                        messages.onNext(i + LARGE);
                        assertThat(heard.next().equals(i + LARGE)).isTrue();
                    }
                    messages.onCompleted();
                    assertThat(heard.next()).isEqualTo("heard 3");
                }
            }

            assertThat(heard.end()).isEqualTo(Status.OK);
            channel.shutdownNow();
        }
    }

    @Test
    void a_call_to_a_server_that_is_not_trusted_is_unavailable() throws Exception {
        try (GrpcServer server = server(MethodType.UNARY);
                TestEdge edge = edge(TlsProvider.best(), server.port(), TestCertificate.ca("stranger"))) {
            ManagedChannel channel = channel(edge);

            StatusRuntimeException failed = catchThrowableOfType(
                    StatusRuntimeException.class,
                    () -> ClientCalls.blockingUnaryCall(
                            channel, GrpcServer.method(MethodType.UNARY), CallOptions.DEFAULT, "x"));

            assertThat(failed.getStatus().getCode()).isEqualTo(Status.Code.UNAVAILABLE);
            assertThat(failed.getStatus().getDescription()).contains("shows a certificate of a CA that is not trusted");
            channel.shutdownNow();
        }
    }
}
