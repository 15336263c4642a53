package dev.banyan.traffic.grpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.awaitility.Awaitility.await;

import dev.banyan.dataplane.message.rules.MinimumRate;
import dev.banyan.dataplane.wire.ClientTimeouts;
import dev.banyan.testing.Await;
import dev.banyan.testing.Gauges;
import dev.banyan.testing.GrpcEdge;
import dev.banyan.testing.GrpcServer;
import dev.banyan.testing.Heard;
import io.grpc.CallOptions;
import io.grpc.ClientInterceptors;
import io.grpc.ForwardingServerCall;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor.MethodType;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.ClientCallStreamObserver;
import io.grpc.stub.ClientCalls;
import io.grpc.stub.ClientResponseObserver;
import io.grpc.stub.MetadataUtils;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.ServerCalls;
import io.grpc.stub.StreamObserver;
import java.time.Duration;
import java.util.Iterator;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

/** Calls of gRPC through Banyan, with grpc-java on both sides. */
class GrpcCallsTest {
    private static final int MIB = 1 << 20;
    private static final ServerCallHandler<String, String> ECHO =
            ServerCalls.asyncBidiStreamingCall(GrpcCallsTest::echo);

    private static StreamObserver<String> echo(StreamObserver<String> answers) {
        return new StreamObserver<>() {
            @Override
            public void onNext(String message) {
                answers.onNext(message);
            }

            @Override
            public void onError(Throwable error) {
                // The client is gone, and nobody is left to tell.
            }

            @Override
            public void onCompleted() {
                answers.onCompleted();
            }
        };
    }

    private static ServerCallHandler<String, String> unary(String answer) {
        return ServerCalls.asyncUnaryCall((request, answers) -> {
            answers.onNext(answer + request);
            answers.onCompleted();
        });
    }

    private static String ask(GrpcEdge edge, String message) {
        return ClientCalls.blockingUnaryCall(
                edge.channel(), GrpcServer.method(MethodType.UNARY), CallOptions.DEFAULT, message);
    }

    @Test
    void one_message_gets_one_answer() throws Exception {
        try (GrpcServer server = GrpcServer.with(MethodType.UNARY, unary("hello "));
                GrpcEdge edge = GrpcEdge.before(server.port())) {

            assertThat(ask(edge, "world")).isEqualTo("hello world");
        }
    }

    @Test
    void a_message_of_a_mebibyte_goes_up_and_comes_down() throws Exception {
        String large = "x".repeat(MIB);
        try (GrpcServer server = GrpcServer.with(MethodType.UNARY, unary(""));
                GrpcEdge edge = GrpcEdge.before(server.port())) {

            assertThat(ask(edge, large).equals(large)).isTrue();
        }
    }

    @Test
    void a_server_streams_large_answers() throws Exception {
        String large = "x".repeat(MIB);
        ServerCallHandler<String, String> five = ServerCalls.asyncServerStreamingCall((request, answers) -> {
            for (int i = 0; i < 5; i++) {
                answers.onNext(i + large);
            }
            answers.onCompleted();
        });
        try (GrpcServer server = GrpcServer.with(MethodType.SERVER_STREAMING, five);
                GrpcEdge edge = GrpcEdge.before(server.port())) {

            Iterator<String> answers = ClientCalls.blockingServerStreamingCall(
                    edge.channel(), GrpcServer.method(MethodType.SERVER_STREAMING), CallOptions.DEFAULT, "go");

            for (int i = 0; i < 5; i++) {
                assertThat(answers.next().equals(i + large)).isTrue();
            }
            assertThat(answers.hasNext()).isFalse();
        }
    }

    @Test
    void a_client_streams_and_gets_one_answer() throws Exception {
        ServerCallHandler<String, String> sum =
                ServerCalls.asyncClientStreamingCall(answers -> new StreamObserver<String>() {
                    private int total;

                    @Override
                    public void onNext(String message) {
                        total += message.length();
                    }

                    @Override
                    public void onError(Throwable error) {
                        // The client is gone.
                    }

                    @Override
                    public void onCompleted() {
                        answers.onNext(Integer.toString(total));
                        answers.onCompleted();
                    }
                });
        try (GrpcServer server = GrpcServer.with(MethodType.CLIENT_STREAMING, sum);
                GrpcEdge edge = GrpcEdge.before(server.port())) {
            Heard heard = new Heard();

            StreamObserver<String> messages = ClientCalls.asyncClientStreamingCall(
                    edge.channel().newCall(GrpcServer.method(MethodType.CLIENT_STREAMING), CallOptions.DEFAULT), heard);
            for (int i = 0; i < 4; i++) {
                messages.onNext("x".repeat(MIB));
            }
            messages.onCompleted();

            assertThat(heard.next()).isEqualTo(Integer.toString(4 * MIB));
            assertThat(heard.end()).isEqualTo(Status.OK);
        }
    }

    @Test
    void each_message_of_a_talk_arrives_before_the_next_is_said() throws Exception {
        try (GrpcServer server = GrpcServer.with(MethodType.BIDI_STREAMING, ECHO);
                GrpcEdge edge = GrpcEdge.before(server.port())) {
            Heard heard = new Heard();

            StreamObserver<String> messages = talk(edge, heard);
            for (int i = 0; i < 200; i++) {
                messages.onNext("ping " + i);
                assertThat(heard.next()).isEqualTo("ping " + i);
            }
            messages.onCompleted();

            assertThat(heard.end()).isEqualTo(Status.OK);
            assertThat(heard.left()).isZero();
        }
    }

    @Test
    void a_talk_may_rest_for_longer_than_a_body_may() throws Exception {
        Duration moment = Duration.ofMillis(200);
        ClientTimeouts impatient = new ClientTimeouts(
                Duration.ofSeconds(10),
                Duration.ofSeconds(75),
                moment,
                Duration.ofSeconds(5),
                new MinimumRate(100_000, moment));
        try (GrpcServer server = GrpcServer.with(MethodType.BIDI_STREAMING, ECHO);
                GrpcEdge edge = GrpcEdge.before(server.port(), "", impatient)) {
            Heard heard = new Heard();
            StreamObserver<String> messages = talk(edge, heard);
            messages.onNext("ping");
            assertThat(heard.next()).isEqualTo("ping");

            await().pollDelay(moment.multipliedBy(15)).until(() -> true);
            messages.onNext("still there?");

            assertThat(heard.next()).isEqualTo("still there?");
            messages.onCompleted();
            assertThat(heard.end()).isEqualTo(Status.OK);
        }
    }

    private static StreamObserver<String> talk(GrpcEdge edge, StreamObserver<String> heard) {
        return ClientCalls.asyncBidiStreamingCall(
                edge.channel().newCall(GrpcServer.method(MethodType.BIDI_STREAMING), CallOptions.DEFAULT), heard);
    }

    @Test
    void metadata_goes_both_ways_as_text_and_as_bytes() throws Exception {
        Metadata.Key<String> text = Metadata.Key.of("x-till", Metadata.ASCII_STRING_MARSHALLER);
        Metadata.Key<byte[]> bytes = Metadata.Key.of("x-till-bin", Metadata.BINARY_BYTE_MARSHALLER);
        Metadata sent = new Metadata();
        sent.put(text, "till, 7");
        sent.put(bytes, new byte[] {0, -1, 10, 13});
        ServerInterceptor giveBack = new ServerInterceptor() {
            @Override
            public <A, B> ServerCall.Listener<A> interceptCall(
                    ServerCall<A, B> call, Metadata came, ServerCallHandler<A, B> next) {
                Metadata back = new Metadata();
                back.merge(came, Set.of(text, bytes));
                return next.startCall(
                        new ForwardingServerCall.SimpleForwardingServerCall<>(call) {
                            @Override
                            public void sendHeaders(Metadata headers) {
                                headers.merge(back);
                                super.sendHeaders(headers);
                            }

                            @Override
                            public void close(Status status, Metadata trailers) {
                                trailers.merge(back);
                                super.close(status, trailers);
                            }
                        },
                        came);
            }
        };
        AtomicReference<Metadata> headers = new AtomicReference<>();
        AtomicReference<Metadata> trailers = new AtomicReference<>();
        try (GrpcServer server = GrpcServer.with(MethodType.UNARY, unary(""), giveBack);
                GrpcEdge edge = GrpcEdge.before(server.port())) {

            ClientCalls.blockingUnaryCall(
                    ClientInterceptors.intercept(
                            edge.channel(),
                            MetadataUtils.newAttachHeadersInterceptor(sent),
                            MetadataUtils.newCaptureMetadataInterceptor(headers, trailers)),
                    GrpcServer.method(MethodType.UNARY),
                    CallOptions.DEFAULT,
                    "x");
        }
        assertThat(Objects.requireNonNull(headers.get()).get(text)).isEqualTo("till, 7");
        assertThat(Objects.requireNonNull(headers.get()).get(bytes)).containsExactly(0, -1, 10, 13);
        assertThat(Objects.requireNonNull(trailers.get()).get(text)).isEqualTo("till, 7");
        assertThat(Objects.requireNonNull(trailers.get()).get(bytes)).containsExactly(0, -1, 10, 13);
    }

    @Test
    void a_status_without_any_message_arrives_with_its_words() throws Exception {
        Status sold = Status.FAILED_PRECONDITION.withDescription("ausverkauft: 100 % \u00fcberall");
        ServerCallHandler<String, String> refuse =
                ServerCalls.asyncUnaryCall((request, answers) -> answers.onError(sold.asRuntimeException()));
        try (GrpcServer server = GrpcServer.with(MethodType.UNARY, refuse);
                GrpcEdge edge = GrpcEdge.before(server.port())) {

            StatusRuntimeException failed = catchThrowableOfType(StatusRuntimeException.class, () -> ask(edge, "x"));

            assertThat(failed.getStatus().getCode()).isEqualTo(Status.Code.FAILED_PRECONDITION);
            assertThat(failed.getStatus().getDescription()).isEqualTo(sold.getDescription());
        }
    }

    @Test
    void a_status_behind_messages_arrives_behind_them() throws Exception {
        ServerCallHandler<String, String> half = ServerCalls.asyncBidiStreamingCall(answers -> {
            answers.onNext("one");
            answers.onError(Status.ABORTED.withDescription("no two").asRuntimeException());
            return new Heard();
        });
        try (GrpcServer server = GrpcServer.with(MethodType.BIDI_STREAMING, half);
                GrpcEdge edge = GrpcEdge.before(server.port())) {
            Heard heard = new Heard();

            // It is over before the client has said all it wants to.
            talk(edge, heard);

            assertThat(heard.next()).isEqualTo("one");
            assertThat(heard.end().getCode()).isEqualTo(Status.Code.ABORTED);
            assertThat(heard.end().getDescription()).isEqualTo("no two");
        }
    }

    @Test
    void a_client_that_cancels_frees_the_servers_call() throws Exception {
        CountDownLatch begun = new CountDownLatch(1);
        CountDownLatch cancelled = new CountDownLatch(1);
        ServerCallHandler<String, String> silent = ServerCalls.asyncServerStreamingCall((request, answers) -> {
            ((ServerCallStreamObserver<String>) answers).setOnCancelHandler(cancelled::countDown);
            begun.countDown();
        });
        try (GrpcServer server = GrpcServer.with(MethodType.SERVER_STREAMING, silent);
                GrpcEdge edge = GrpcEdge.before(server.port())) {
            CompletableFuture<ClientCallStreamObserver<String>> call = new CompletableFuture<>();
            Heard heard = new Heard();
            ClientCalls.asyncServerStreamingCall(
                    edge.channel().newCall(GrpcServer.method(MethodType.SERVER_STREAMING), CallOptions.DEFAULT),
                    "go",
                    new ClientResponseObserver<String, String>() {
                        @Override
                        public void beforeStart(ClientCallStreamObserver<String> started) {
                            call.complete(started);
                        }

                        @Override
                        public void onNext(String message) {
                            heard.onNext(message);
                        }

                        @Override
                        public void onError(Throwable error) {
                            heard.onError(error);
                        }

                        @Override
                        public void onCompleted() {
                            heard.onCompleted();
                        }
                    });
            Await.until(() -> begun.getCount() == 0);

            call.get(20, TimeUnit.SECONDS).cancel("changed my mind", null);

            Await.until(() -> cancelled.getCount() == 0);
            assertThat(heard.end().getCode()).isEqualTo(Status.Code.CANCELLED);
            Await.until(() -> Gauges.active(edge.edge()) == 0);
        }
    }
}
