package dev.banyan.traffic.websockets;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.banyan.dataplane.tls.TlsProvider;
import dev.banyan.rails.RailsServer;
import dev.banyan.rails.RailsServer.Running;
import dev.banyan.testing.Tables;
import dev.banyan.testing.TestCertificate;
import dev.banyan.testing.TestEdge;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.net.http.WebSocketHandshakeException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The WebSockets of real Rails on real puma, as its own JavaScript talks to them. */
@ExtendWith(RailsServer.class)
@Timeout(120)
class ActionCableTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String TALK = "{\"channel\":\"TalkChannel\"}";

    @TempDir
    private Path directory;

    private TestCertificate ca;

    @BeforeEach
    void issue() throws Exception {
        ca = TestCertificate.ca("ca");
    }

    private TestEdge edge(Running rails) throws Exception {
        return TestEdge.encrypted(
                Tables.onlyDefault(rails.port()), TlsProvider.best(), ca.signs("localhost"), directory);
    }

    private Cable connect(TestEdge edge, String scheme, String origin) throws Exception {
        int port = scheme.equals("wss") ? edge.tlsPort() : edge.port();
        Cable cable = new Cable();
        cable.socket = HttpClient.newBuilder()
                .sslContext(ca.trusted())
                .build()
                .newWebSocketBuilder()
                .header("Origin", origin.replace("PORT", Integer.toString(port)))
                .subprotocols("actioncable-v1-json", "actioncable-unsupported")
                .buildAsync(URI.create(scheme + "://localhost:" + port + "/cable"), cable)
                .get(60, TimeUnit.SECONDS);
        return cable;
    }

    /** One connection, and what came over it. */
    private static final class Cable implements WebSocket.Listener, AutoCloseable {
        private final BlockingQueue<JsonNode> came = new LinkedBlockingQueue<>();
        private final StringBuilder partial = new StringBuilder();
        private @Nullable WebSocket socket;

        @Override
        public @Nullable CompletionStage<?> onText(WebSocket socket, CharSequence data, boolean last) {
            partial.append(data);
            if (last) {
                came.add(parsed(partial.toString()));
                partial.setLength(0);
            }
            socket.request(1);
            return null;
        }

        private static JsonNode parsed(String text) {
            try {
                return JSON.readTree(text);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        WebSocket socket() {
            return Objects.requireNonNull(socket);
        }

        void command(String command, Map<String, String> more) throws Exception {
            Map<String, String> said = new HashMap<>(more);
            said.put("command", command);
            said.put("identifier", TALK);
            socket().sendText(JSON.writeValueAsString(said), true).get(60, TimeUnit.SECONDS);
        }

        /** The next that is no ping. */
        JsonNode next() throws InterruptedException {
            JsonNode next = any();
            while (next.path("type").asText().equals("ping")) {
                next = any();
            }
            return next;
        }

        JsonNode ping() throws InterruptedException {
            JsonNode next = any();
            assertThat(next.path("type").asText()).isEqualTo("ping");
            return next;
        }

        private JsonNode any() throws InterruptedException {
            JsonNode next = came.poll(60, TimeUnit.SECONDS);
            assertThat(next).as("a message within a minute").isNotNull();
            return next;
        }

        @Override
        public void close() {
            if (socket != null) {
                socket.abort();
            }
        }
    }

    @ParameterizedTest
    @CsvSource({"ws,http://localhost:PORT", "wss,https://localhost:PORT"})
    void what_one_says_all_hear_who_have_subscribed(String scheme, String origin, Running rails) throws Exception {
        try (TestEdge edge = edge(rails);
                Cable one = connect(edge, scheme, origin);
                Cable other = connect(edge, scheme, origin)) {
            for (Cable cable : List.of(one, other)) {
                assertThat(cable.socket().getSubprotocol()).isEqualTo("actioncable-v1-json");
                assertThat(cable.next().path("type").asText()).isEqualTo("welcome");
                cable.command("subscribe", Map.of());
                assertThat(cable.next().path("type").asText()).isEqualTo("confirm_subscription");
            }

            one.command("message", Map.of("data", "{\"action\":\"say\",\"text\":\"caf\u00e9\"}"));

            assertThat(one.next().at("/message/heard").asText()).isEqualTo("caf\u00e9");
            assertThat(other.next().at("/message/heard").asText()).isEqualTo("caf\u00e9");
            assertThat(one.ping().path("message").asLong())
                    .as("a ping every three seconds")
                    .isLessThan(one.ping().path("message").asLong());
        }
    }

    /** Rails takes its own scheme from X-Forwarded-Proto, and its own name from the Host that is kept. */
    @ParameterizedTest
    @CsvSource({
        "ws,http://evil.test",
        "ws,https://localhost:PORT",
        "ws,http://localhost",
        "wss,https://evil.test",
        "wss,http://localhost:PORT"
    })
    void a_page_of_another_origin_is_refused_by_rails(String scheme, String origin, Running rails) throws Exception {
        try (TestEdge edge = edge(rails)) {

            assertThatThrownBy(() -> connect(edge, scheme, origin).close())
                    .isInstanceOf(ExecutionException.class)
                    .cause()
                    .isInstanceOfSatisfying(
                            WebSocketHandshakeException.class,
                            refused -> assertThat(refused.getResponse().statusCode())
                                    .isEqualTo(404));
        }
    }
}
