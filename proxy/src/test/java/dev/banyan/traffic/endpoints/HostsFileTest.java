package dev.banyan.traffic.endpoints;

import static org.assertj.core.api.Assertions.assertThat;

import dev.banyan.dataplane.DataPlane;
import dev.banyan.testing.Await;
import dev.banyan.testing.NameServer;
import dev.banyan.testing.RawClient;
import dev.banyan.testing.RawUpstream;
import dev.banyan.testing.Tables;
import dev.banyan.testing.TestEdge;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The names of the machine's hosts file, which has the word before any name server, as it is now. */
class HostsFileTest {
    private static final String CLOSING = "HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 0\r\n\r\n";

    @TempDir
    private Path directory;

    private NameServer names;

    @BeforeEach
    void start() throws IOException {
        names = new NameServer();
    }

    @AfterEach
    void stop() {
        names.close();
    }

    private void hosts(String... lines) throws IOException {
        Path next = Files.write(directory.resolve("next"), List.of(lines));
        Files.move(next, directory.resolve("hosts"), StandardCopyOption.ATOMIC_MOVE);
    }

    private TestEdge edge(String address) throws IOException {
        return TestEdge.with(
                Tables.of("""
                        default: rails
                        upstreams:
                          rails: { %s, retries: { attempts: 0 }, breaker: { over: 10000 } }
                        """.formatted(address)),
                new DataPlane.SideTraffic(
                        (upstream, endpoint, addresses, verification, path, timeout, result) ->
                                result.accept(Optional.empty()),
                        change -> {},
                        List.of(names.address()),
                        directory.resolve("hosts"),
                        Optional.empty(),
                        () -> {}));
    }

    private static String ask(TestEdge edge) throws IOException {
        return RawClient.exchange(edge.port(), "GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n");
    }

    @ParameterizedTest
    @ValueSource(strings = {"127.0.0.1", "::1"})
    void localhost_is_found_in_whichever_family_it_listens(String address) throws IOException {
        hosts("::1 localhost", "127.0.0.1 localhost");
        int port = RawUpstream.portNobodyListensOn();
        try (RawUpstream rails = RawUpstream.answeringAt(address, port, CLOSING);
                TestEdge edge = edge("url: \"http://localhost:" + port + "\"")) {

            assertThat(ask(edge)).startsWith("HTTP/1.1 200 ");
            assertThat(rails.connections()).isEqualTo(1);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"url", "dns"})
    void a_name_that_moves_is_followed(String key) throws IOException {
        hosts("127.0.0.2 rails.test");
        try (RawUpstream rails = RawUpstream.answering(CLOSING);
                TestEdge edge = edge(key + ": \"http://rails.test:" + rails.port() + "\"")) {
            assertThat(ask(edge)).startsWith("HTTP/1.1 502 ").contains("refused the connection");

            hosts("127.0.0.1 rails.test # where it listens");

            Await.until(() -> ask(edge).startsWith("HTTP/1.1 200 "));
        }
    }

    @Test
    void the_file_has_the_word_before_name_servers_and_they_have_it_for_all_else() throws IOException {
        hosts("127.0.0.2 other.test");
        names.answering("rails.test", "127.0.0.1");
        try (RawUpstream rails = RawUpstream.answering(CLOSING);
                TestEdge edge = edge("url: \"http://rails.test:" + rails.port() + "\"")) {
            assertThat(ask(edge)).startsWith("HTTP/1.1 200 ");

            hosts("127.0.0.2 Rails.Test");

            Await.until(() -> ask(edge).startsWith("HTTP/1.1 502 "));
        }
    }

    @Test
    void a_file_that_goes_takes_its_names_along() throws IOException {
        hosts("127.0.0.1 rails.test");
        try (RawUpstream rails = RawUpstream.answering(CLOSING);
                TestEdge edge = edge("url: \"http://rails.test:" + rails.port() + "\"")) {
            assertThat(ask(edge)).startsWith("HTTP/1.1 200 ");

            Files.delete(directory.resolve("hosts"));

            Await.until(() -> ask(edge).contains("has a name that does not resolve: rails.test"));
        }
    }
}
