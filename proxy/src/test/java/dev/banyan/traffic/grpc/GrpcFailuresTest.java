package dev.banyan.traffic.grpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.banyan.testing.Await;
import dev.banyan.testing.GrpcEdge;
import dev.banyan.testing.GrpcServer;
import dev.banyan.testing.Heard;
import dev.banyan.testing.RawClient;
import dev.banyan.testing.TestEdge;
import io.grpc.CallOptions;
import io.grpc.ClientInterceptors;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor.MethodType;
import io.grpc.ServerCallHandler;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.ClientCalls;
import io.grpc.stub.MetadataUtils;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.ServerCalls;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What a client of gRPC gets when a call cannot be carried to its end. */
class GrpcFailuresTest {
    private static final Metadata.Key<String> TIMEOUT =
            Metadata.Key.of("grpc-timeout", Metadata.ASCII_STRING_MARSHALLER);
    private static final ServerCallHandler<String, String> SILENT =
            ServerCalls.asyncUnaryCall((request, answers) -> {});

    private static GrpcServer failing(Status status) throws IOException {
        return GrpcServer.with(
                MethodType.UNARY,
                ServerCalls.asyncUnaryCall((request, answers) -> answers.onError(status.asRuntimeException())));
    }

    private static StatusRuntimeException failure(GrpcEdge edge) {
        return failure(edge, new Metadata());
    }

    private static StatusRuntimeException failure(GrpcEdge edge, Metadata sent) {
        return catchThrowableOfType(
                StatusRuntimeException.class,
                () -> ClientCalls.blockingUnaryCall(
                        ClientInterceptors.intercept(edge.channel(), MetadataUtils.newAttachHeadersInterceptor(sent)),
                        GrpcServer.method(MethodType.UNARY),
                        CallOptions.DEFAULT,
                        "x"));
    }

    private static String field(StatusRuntimeException failure, String name) {
        Metadata trailers = failure.getTrailers();
        assertThat(trailers).isNotNull();
        String value = trailers.get(Metadata.Key.of(name, Metadata.ASCII_STRING_MARSHALLER));
        assertThat(value).as(name).isNotNull();
        return value;
    }

    /** The client's library keeps the deadline, too: so it is said without telling the library. */
    private static Metadata patience(String timeout) {
        Metadata sent = new Metadata();
        sent.put(TIMEOUT, timeout);
        return sent;
    }

    @Test
    void an_upstream_that_is_not_there_is_unavailable() throws Exception {
        int port;
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = free.getLocalPort();
        }
        try (GrpcEdge edge = GrpcEdge.before(port)) {

            StatusRuntimeException failure = failure(edge);

            assertThat(failure.getStatus().getCode()).isEqualTo(Status.Code.UNAVAILABLE);
            assertThat(failure.getStatus().getDescription()).startsWith("upstream till refused the connection");
            assertThat(field(failure, "x-request-id")).isNotEmpty();
        }
    }

    @Test
    void the_clients_deadline_ends_a_call_that_is_not_answered_and_is_no_fault_of_the_upstream() throws Exception {
        try (GrpcServer server = GrpcServer.with(MethodType.UNARY, SILENT);
                GrpcEdge edge = GrpcEdge.before(server.port(), "breaker: { failures: 50%, over: 2, open-for: 1m }")) {
            for (int i = 0; i < 4; i++) {

                StatusRuntimeException failure = failure(edge, patience("150m"));

                assertThat(failure.getStatus().getCode()).isEqualTo(Status.Code.DEADLINE_EXCEEDED);
                assertThat(failure.getStatus().getDescription())
                        .isEqualTo("upstream till did not finish within the client's grpc-timeout");
            }
            assertThat(edge.breaker()).isEqualTo("closed");
        }
    }

    @Test
    void a_deadline_that_the_server_gets_is_the_clients() throws Exception {
        CountDownLatch cancelled = new CountDownLatch(1);
        ServerCallHandler<String, String> silent = ServerCalls.asyncUnaryCall((request, answers) ->
                ((ServerCallStreamObserver<String>) answers).setOnCancelHandler(cancelled::countDown));
        try (GrpcServer server = GrpcServer.with(MethodType.UNARY, silent);
                GrpcEdge edge = GrpcEdge.before(server.port())) {

            failure(edge, patience("150m"));

            Await.until(() -> cancelled.getCount() == 0);
        }
    }

    @Test
    void the_upstreams_own_time_is_the_limit_of_a_client_with_more_patience() throws Exception {
        try (GrpcServer server = GrpcServer.with(MethodType.UNARY, SILENT);
                GrpcEdge edge = GrpcEdge.before(server.port(), "timeouts: { total: 150ms }")) {

            StatusRuntimeException failure = failure(edge, patience("1H"));

            assertThat(failure.getStatus().getCode()).isEqualTo(Status.Code.DEADLINE_EXCEEDED);
            assertThat(failure.getStatus().getDescription())
                    .isEqualTo("upstream till did not finish in the time for all of it");
        }
    }

    @Test
    void a_deadline_within_an_answer_ends_it_with_a_status() throws Exception {
        try (GrpcServer server = GrpcServer.with(MethodType.BIDI_STREAMING, oneMessage());
                GrpcEdge edge = GrpcEdge.before(server.port(), "timeouts: { total: 300ms }")) {
            Heard heard = talk(edge);

            assertThat(heard.next()).isEqualTo("one");
            assertThat(heard.end().getCode()).isEqualTo(Status.Code.DEADLINE_EXCEEDED);
        }
    }

    @Test
    void a_server_that_dies_within_a_call_makes_it_unavailable() throws Exception {
        try (GrpcServer server = GrpcServer.with(MethodType.BIDI_STREAMING, oneMessage());
                GrpcEdge edge = GrpcEdge.before(server.port())) {
            Heard heard = talk(edge);
            assertThat(heard.next()).isEqualTo("one");

            server.die();

            assertThat(heard.end().getCode()).isEqualTo(Status.Code.UNAVAILABLE);
            assertThat(heard.end().getDescription()).startsWith("upstream till ");
        }
    }

    private static ServerCallHandler<String, String> oneMessage() {
        return ServerCalls.asyncBidiStreamingCall(answers -> {
            answers.onNext("one");
            return new Heard();
        });
    }

    private static Heard talk(GrpcEdge edge) {
        Heard heard = new Heard();
        ClientCalls.asyncBidiStreamingCall(
                edge.channel().newCall(GrpcServer.method(MethodType.BIDI_STREAMING), CallOptions.DEFAULT), heard);
        return heard;
    }

    @ParameterizedTest
    @EnumSource(
            value = Status.Code.class,
            names = {"UNKNOWN", "INTERNAL", "UNAVAILABLE"})
    void a_server_that_says_that_it_failed_opens_the_breaker(Status.Code code) throws Exception {
        try (GrpcServer server = failing(code.toStatus());
                GrpcEdge edge = GrpcEdge.before(server.port(), "breaker: { failures: 50%, over: 4, open-for: 1m }")) {
            for (int i = 0; i < 4; i++) {
                assertThat(failure(edge).getStatus().getCode()).isEqualTo(code);
            }
            Await.until(() -> edge.breaker().equals("open"));

            StatusRuntimeException failure = failure(edge);

            assertThat(failure.getStatus().getCode()).isEqualTo(Status.Code.UNAVAILABLE);
            assertThat(failure.getStatus().getDescription()).startsWith("upstream till was not asked");
            assertThat(Integer.parseInt(String.valueOf(field(failure, "retry-after"))))
                    .isBetween(2, 60);
        }
    }

    @Test
    void a_failure_behind_messages_counts_as_one() throws Exception {
        ServerCallHandler<String, String> half = ServerCalls.asyncBidiStreamingCall(answers -> {
            answers.onNext("one");
            answers.onError(Status.INTERNAL.asRuntimeException());
            return new Heard();
        });
        try (GrpcServer server = GrpcServer.with(MethodType.BIDI_STREAMING, half);
                GrpcEdge edge = GrpcEdge.before(server.port(), "breaker: { failures: 100%, over: 3, open-for: 1m }")) {
            for (int i = 0; i < 3; i++) {
                assertThat(talk(edge).end().getCode()).isEqualTo(Status.Code.INTERNAL);
            }

            Await.until(() -> edge.breaker().equals("open"));
        }
    }

    @ParameterizedTest
    @EnumSource(
            value = Status.Code.class,
            names = {"NOT_FOUND", "INVALID_ARGUMENT", "DEADLINE_EXCEEDED", "RESOURCE_EXHAUSTED"})
    void what_a_server_says_of_the_clients_wish_opens_no_breaker(Status.Code code) throws Exception {
        try (GrpcServer server = failing(code.toStatus());
                GrpcEdge edge = GrpcEdge.before(server.port(), "breaker: { failures: 50%, over: 2, open-for: 1m }")) {
            for (int i = 0; i < 6; i++) {
                assertThat(failure(edge).getStatus().getCode()).isEqualTo(code);
            }
            assertThat(edge.breaker()).isEqualTo("closed");
        }
    }

    @Test
    void who_speaks_http_1_gets_a_local_answer_in_the_same_words() throws Exception {
        int port;
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = free.getLocalPort();
        }
        try (TestEdge edge = TestEdge.forwardingTo(port)) {

            String answer = RawClient.exchange(
                    edge.port(),
                    "POST /shop.Till/UNARY HTTP/1.1\r\nHost: a\r\nContent-Type: application/grpc+proto\r\n"
                            + "Connection: close\r\n\r\n");

            assertThat(answer)
                    .startsWith("HTTP/1.1 200 OK\r\n")
                    .contains(
                            "\r\nContent-Type: application/grpc\r\n",
                            "\r\ngrpc-status: 14\r\n",
                            "\r\ngrpc-message: upstream rails refused the connection at ",
                            "\r\nContent-Length: 0\r\n")
                    .endsWith("\r\n\r\n");
        }
    }
}
