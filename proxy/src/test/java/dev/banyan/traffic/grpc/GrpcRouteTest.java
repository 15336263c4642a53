package dev.banyan.traffic.grpc;

import static org.assertj.core.api.Assertions.assertThat;

import dev.banyan.testing.GrpcServer;
import dev.banyan.testing.Tables;
import dev.banyan.testing.TestEdge;
import io.grpc.CallOptions;
import io.grpc.ManagedChannel;
import io.grpc.MethodDescriptor.MethodType;
import io.grpc.ServerCallHandler;
import io.grpc.stub.ClientCalls;
import io.grpc.stub.ServerCalls;
import java.io.IOException;
import org.junit.jupiter.api.Test;

/** One method of a service moves from one server of gRPC to another. */
class GrpcRouteTest {

    private static GrpcServer answering(String answer) throws IOException {
        ServerCallHandler<String, String> handler = ServerCalls.asyncUnaryCall((request, answers) -> {
            answers.onNext(answer);
            answers.onCompleted();
        });
        return GrpcServer.with(MethodType.UNARY, handler);
    }

    private static TestEdge edge(GrpcServer legacy, int modernPort) throws IOException {
        return TestEdge.with(Tables.of("""
                default: old-till
                upstreams:
                  old-till: { url: "http://127.0.0.1:%d", protocol: h2c }
                  till: { url: "http://127.0.0.1:%d", protocol: h2c }
                routes:
                  sales:
                    match: POST /shop.Till/UNARY
                    legacy: old-till
                    modern: till
                    canary: 100%%
                    writes: either
                """.formatted(legacy.port(), modernPort)));
    }

    private static String ask(TestEdge edge) {
        ManagedChannel channel = GrpcServer.channelTo(edge.port());
        try {
            return ClientCalls.blockingUnaryCall(
                    channel, GrpcServer.method(MethodType.UNARY), CallOptions.DEFAULT, "x");
        } finally {
            channel.shutdownNow();
        }
    }

    @Test
    void its_calls_go_to_modern() throws Exception {
        try (GrpcServer legacy = answering("legacy");
                GrpcServer modern = answering("modern");
                TestEdge edge = edge(legacy, modern.port())) {

            assertThat(ask(edge)).isEqualTo("modern");
        }
    }

    @Test
    void legacy_answers_a_call_that_modern_surely_did_not_see() throws Exception {
        try (GrpcServer legacy = answering("legacy");
                GrpcServer gone = answering("modern");
                TestEdge edge = edge(legacy, gone.port())) {
            gone.die();

            assertThat(ask(edge)).isEqualTo("legacy");
        }
    }
}
