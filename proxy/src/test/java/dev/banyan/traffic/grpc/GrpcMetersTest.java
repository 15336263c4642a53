package dev.banyan.traffic.grpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.awaitility.Awaitility.await;

import dev.banyan.dataplane.exchange.GrpcStatus;
import dev.banyan.dataplane.listener.ListenerSettings;
import dev.banyan.testing.GrpcEdge;
import dev.banyan.testing.GrpcServer;
import dev.banyan.testing.Heard;
import dev.banyan.testing.RawClient;
import dev.banyan.testing.RawUpstream;
import dev.banyan.testing.Tables;
import dev.banyan.testing.TestEdge;
import io.grpc.CallOptions;
import io.grpc.ClientCall;
import io.grpc.ManagedChannel;
import io.grpc.MethodDescriptor.MethodType;
import io.grpc.ServerCallHandler;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.ClientCalls;
import io.grpc.stub.ServerCalls;
import io.micrometer.core.instrument.Counter;
import java.io.ByteArrayOutputStream;
import java.nio.channels.Channels;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** How calls of gRPC went is told by their own status, whatever HTTP says of them. */
class GrpcMetersTest {
    private static final String CALLS = "banyan.grpc.calls";

    private static ServerCallHandler<String, String> ending(Status status) {
        return ServerCalls.asyncUnaryCall((request, answers) -> {
            if (status.isOk()) {
                answers.onNext("done");
                answers.onCompleted();
            } else {
                answers.onError(status.asRuntimeException());
            }
        });
    }

    private static double counted(GrpcEdge edge, String status) {
        Counter counter = edge.edge()
                .registry()
                .find(CALLS)
                .tags("route", "default", "side", "legacy", "upstream", "till", "grpc_status", status)
                .counter();
        return counter == null ? 0 : counter.count();
    }

    private static double all(GrpcEdge edge) {
        return edge.edge().registry().find(CALLS).counters().stream()
                .mapToDouble(Counter::count)
                .sum();
    }

    private static String call(ManagedChannel channel) {
        return ClientCalls.blockingUnaryCall(channel, GrpcServer.method(MethodType.UNARY), CallOptions.DEFAULT, "x");
    }

    /** Whatever becomes of it. */
    private static void tryToCall(GrpcEdge edge) {
        StatusRuntimeException unused = catchThrowableOfType(StatusRuntimeException.class, () -> call(edge.channel()));
    }

    private static void isOnlyCountedAs(String status, GrpcEdge edge) {
        await().untilAsserted(() -> assertThat(counted(edge, status)).isEqualTo(1));
        assertThat(all(edge)).isEqualTo(1);
    }

    @ParameterizedTest
    @EnumSource(GrpcStatus.class)
    void what_the_server_says_is_counted_by_its_name(GrpcStatus status) throws Exception {
        try (GrpcServer server = GrpcServer.with(MethodType.UNARY, ending(Status.fromCodeValue(status.number())));
                GrpcEdge edge = GrpcEdge.before(server.port())) {

            tryToCall(edge);

            isOnlyCountedAs(Status.fromCodeValue(status.number()).getCode().name(), edge);
        }
    }

    @Test
    void a_failure_behind_messages_is_counted_as_one() throws Exception {
        ServerCallHandler<String, String> failing = ServerCalls.asyncServerStreamingCall((request, answers) -> {
            answers.onNext("one");
            answers.onError(Status.DATA_LOSS.asRuntimeException());
        });
        try (GrpcServer server = GrpcServer.with(MethodType.SERVER_STREAMING, failing);
                GrpcEdge edge = GrpcEdge.before(server.port())) {
            Heard heard = new Heard();

            ClientCalls.asyncServerStreamingCall(call(edge, MethodType.SERVER_STREAMING), "x", heard);

            assertThat(heard.end().getCode()).isEqualTo(Status.Code.DATA_LOSS);
            isOnlyCountedAs("DATA_LOSS", edge);
        }
    }

    private static ClientCall<String, String> call(GrpcEdge edge, MethodType type) {
        return edge.channel().newCall(GrpcServer.method(type), CallOptions.DEFAULT);
    }

    @Test
    void a_local_answer_is_counted_as_the_client_gets_it() throws Exception {
        try (GrpcEdge edge = GrpcEdge.before(RawUpstream.portNobodyListensOn())) {

            tryToCall(edge);

            isOnlyCountedAs("UNAVAILABLE", edge);
        }
    }

    @Test
    void an_answer_that_is_none_of_grpc_is_counted_as_clients_take_it() throws Exception {
        try (RawUpstream till = RawUpstream.answering("HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n");
                TestEdge edge = TestEdge.forwardingTo(till.port())) {

            RawClient.exchange(
                    edge.port(),
                    "POST /shop.Till/UNARY HTTP/1.1\r\nHost: a\r\nContent-Type: application/grpc\r\n"
                            + "Connection: close\r\nContent-Length: 0\r\n\r\n");

            await().untilAsserted(() -> assertThat(edge.registry()
                            .get(CALLS)
                            .tag("grpc_status", "UNIMPLEMENTED")
                            .counter()
                            .count())
                    .isEqualTo(1));
        }
    }

    @Test
    void a_call_that_its_client_gives_up_is_cancelled() throws Exception {
        CountDownLatch asked = new CountDownLatch(1);
        ServerCallHandler<String, String> silent = ServerCalls.asyncUnaryCall((request, answers) -> asked.countDown());
        try (GrpcServer server = GrpcServer.with(MethodType.UNARY, silent);
                GrpcEdge edge = GrpcEdge.before(server.port())) {
            ClientCall<String, String> call = call(edge, MethodType.UNARY);
            ClientCalls.asyncUnaryCall(call, "x", new Heard());
            assertThat(asked.await(20, TimeUnit.SECONDS)).isTrue();

            call.cancel("enough", null);

            isOnlyCountedAs("CANCELLED", edge);
        }
    }

    @Test
    void a_server_that_dies_within_a_call_makes_it_unavailable() throws Exception {
        CountDownLatch begun = new CountDownLatch(1);
        ServerCallHandler<String, String> resting = ServerCalls.asyncServerStreamingCall((request, answers) -> {
            answers.onNext("one");
            begun.countDown();
        });
        try (GrpcServer server = GrpcServer.with(MethodType.SERVER_STREAMING, resting);
                GrpcEdge edge = GrpcEdge.before(server.port())) {
            Heard heard = new Heard();
            ClientCalls.asyncServerStreamingCall(call(edge, MethodType.SERVER_STREAMING), "x", heard);
            assertThat(heard.next()).isEqualTo("one");

            server.die();

            assertThat(heard.end().getCode()).isEqualTo(Status.Code.UNAVAILABLE);
            isOnlyCountedAs("UNAVAILABLE", edge);
        }
    }

    /** Its status is in the body, where nobody looks. */
    @Test
    void a_call_of_grpc_web_is_not_counted() throws Exception {
        String answer = "HTTP/1.1 200 OK\r\nContent-Type: application/grpc-web\r\nContent-Length: 0\r\n\r\n";
        try (RawUpstream till = RawUpstream.answering(answer);
                TestEdge edge = TestEdge.forwardingTo(till.port())) {

            RawClient.exchange(
                    edge.port(),
                    "POST /shop.Till/UNARY HTTP/1.1\r\nHost: a\r\nContent-Type: application/grpc-web\r\n"
                            + "Connection: close\r\nContent-Length: 0\r\n\r\n");

            await().until(() -> edge.registry().find("banyan.requests").timer() != null);
            assertThat(edge.registry().find(CALLS).counter()).isNull();
        }
    }

    @Test
    void the_access_log_has_the_number_of_calls_and_of_nothing_else() throws Exception {
        ByteArrayOutputStream log = new ByteArrayOutputStream();
        try (GrpcServer server = GrpcServer.with(MethodType.UNARY, ending(Status.NOT_FOUND));
                TestEdge edge = TestEdge.logging(
                        Tables.of("default: till\nupstreams:\n  till: { url: \"http://127.0.0.1:%d\", protocol: h2c }\n"
                                .formatted(server.port())),
                        ListenerSettings.on(TestEdge.anyPort()),
                        Channels.newChannel(log))) {
            ManagedChannel channel = GrpcServer.channelTo(edge.port());
            StatusRuntimeException unused = catchThrowableOfType(StatusRuntimeException.class, () -> call(channel));
            channel.shutdownNow();
            RawClient.exchange(edge.port(), "GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n");

            await().untilAsserted(() -> assertThat(lines(log).lines().filter(line -> line.endsWith("}")))
                    .hasSize(2));
            assertThat(lines(log).lines().filter(line -> line.contains("\"method\":\"POST\"")))
                    .singleElement()
                    .asString()
                    .contains("\"status\":200,\"grpc_status\":5,\"bytes_in\":");
            assertThat(lines(log).lines().filter(line -> line.contains("\"method\":\"GET\"")))
                    .singleElement()
                    .asString()
                    .doesNotContain("grpc_status");
        }
    }

    private static String lines(ByteArrayOutputStream log) {
        return log.toString(StandardCharsets.UTF_8);
    }
}
