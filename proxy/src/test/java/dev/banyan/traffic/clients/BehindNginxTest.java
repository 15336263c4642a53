package dev.banyan.traffic.clients;

import static org.assertj.core.api.Assertions.assertThat;

import dev.banyan.RealServer;
import dev.banyan.dataplane.listener.ListenerSettings;
import dev.banyan.dataplane.wire.ClientTimeouts;
import dev.banyan.net.Networks;
import dev.banyan.testing.RawClient;
import dev.banyan.testing.StrictUpstream;
import dev.banyan.testing.Tables;
import dev.banyan.testing.TestEdge;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The configurations in docs/behind-nginx.md, with the real servers. Clients are 127.0.0.2, proxies 127.0.0.1. */
class BehindNginxTest {
    private static final Path PAGE = Path.of("../docs/behind-nginx.md");
    private static final Path NGINX = Path.of("/usr/sbin/nginx");
    private static final Path STREAM = Path.of("/usr/lib/nginx/modules/ngx_stream_module.so");
    private static final Path HAPROXY = Path.of("/usr/sbin/haproxy");
    private static final String CLIENT = "127.0.0.2";
    private static final String GET = "GET /accounts HTTP/1.1\r\nHost: bank.test:8000\r\n";
    private static final String LIES =
            "X-Forwarded-For: 6.6.6.6\r\nX-Forwarded-Proto: https\r\nX-Forwarded-Host: evil.test\r\n"
                    + "X-Forwarded-Port: 1\r\nForwarded: for=6.6.6.6\r\nX-Real-Ip: 6.6.6.6\r\n";
    private static final String END = "Connection: close\r\n\r\n";

    @TempDir
    private Path directory;

    private StrictUpstream rails;

    @BeforeEach
    void start() throws IOException {
        rails = new StrictUpstream();
    }

    @AfterEach
    void stop() throws IOException {
        rails.close();
    }

    /** The block of that language that has this in it. */
    private static String block(String language, String with) throws IOException {
        List<String> blocks = Pattern.compile("(?ms)^```" + language + "\n(.*?)^```$")
                .matcher(Files.readString(PAGE))
                .results()
                .map((MatchResult found) -> found.group(1))
                .filter(block -> block.contains(with))
                .toList();
        assertThat(blocks).as("blocks of %s with %s", language, with).hasSize(1);
        return blocks.get(0);
    }

    private static String moved(String configuration, String from, String to) {
        assertThat(configuration).contains(from);
        return configuration.replace(from, to);
    }

    private RealServer nginx(String configuration, int port) throws IOException {
        boolean stream = configuration.startsWith("stream");
        String temporary = List.of("client_body", "proxy", "fastcgi", "uwsgi", "scgi").stream()
                .map(name -> "%s_temp_path %s/%s;\n".formatted(name, directory, name))
                .reduce("", String::concat);
        String whole = (stream ? "load_module " + STREAM + ";\n" : "")
                + "daemon off;\nmaster_process off;\nerror_log stderr;\npid %s/pid;\n".formatted(directory)
                + "events {}\n"
                + (stream ? configuration : "http {\naccess_log off;\n" + temporary + configuration + "}\n");
        Path file = Files.writeString(directory.resolve("nginx.conf"), whole);
        return RealServer.start(
                directory,
                port,
                List.of(NGINX.toString(), "-e", "stderr", "-p", directory.toString(), "-c", file.toString()));
    }

    private TestEdge edge(boolean proxyProtocol) throws IOException {
        return TestEdge.with(
                Tables.onlyDefault(rails.port()),
                new ListenerSettings(TestEdge.anyPort(), Networks.of("127.0.0.1"), proxyProtocol),
                ClientTimeouts.DEFAULT);
    }

    private static String answer(int port, String request) throws IOException {
        try (RawClient client = RawClient.from(CLIENT, port)) {
            client.send(request);
            return client.readToEnd();
        }
    }

    @Test
    void nginx_in_front_names_the_client() throws IOException {
        RealServer.require(NGINX);
        int port = RealServer.freePort();
        try (TestEdge edge = edge(false)) {
            String configuration =
                    moved(block("nginx", "keepalive 64"), "listen 80;", "listen 127.0.0.1:" + port + ";");
            try (RealServer nginx = nginx(moved(configuration, "127.0.0.1:8080", "127.0.0.1:" + edge.port()), port)) {

                for (int i = 0; i < 20; i++) {
                    assertThat(answer(port, GET + LIES + END)).startsWith("HTTP/1.1 200 ");
                }
                String upload =
                        "POST /accounts HTTP/1.1\r\nHost: bank.test:8000\r\nTransfer-Encoding: chunked\r\n" + END;
                assertThat(answer(port, upload + "5\r\nhello\r\n0\r\n\r\n")).startsWith("HTTP/1.1 200 ");

                assertThat(nginx.runs()).isTrue();
                assertThat(rails.requests())
                        .hasSize(21)
                        .allSatisfy(request -> assertThat(request)
                                .containsOnlyOnce("X-Forwarded-For: ")
                                .contains("X-Forwarded-For: 127.0.0.2, 127.0.0.1\r\n")
                                .contains("X-Forwarded-Proto: http\r\n", "Host: bank.test:8000\r\n")
                                .doesNotContain("6.6.6.6", "evil.test", "X-Forwarded-Port", "\r\nForwarded"));
                assertThat(rails.requests().get(20)).endsWith("hello");
            }
        }
    }

    @Test
    void nginx_in_front_passes_connections_on_with_version_1() throws IOException {
        RealServer.require(NGINX, STREAM);
        int port = RealServer.freePort();
        try (TestEdge edge = edge(true)) {
            String configuration =
                    moved(block("nginx", "proxy_protocol on"), "listen 80;", "listen 127.0.0.1:" + port + ";");
            try (RealServer nginx = nginx(moved(configuration, "127.0.0.1:8080", "127.0.0.1:" + edge.port()), port)) {

                assertThat(answer(port, GET + LIES + END)).startsWith("HTTP/1.1 200 ");

                assertThat(nginx.runs()).isTrue();
                assertThat(rails.requests().get(0))
                        .contains("X-Forwarded-For: 127.0.0.2\r\n", "X-Forwarded-Proto: http\r\n")
                        .doesNotContain("6.6.6.6", "evil.test");
            }
        }
    }

    @Test
    void haproxy_in_front_passes_connections_on_with_version_2() throws IOException {
        RealServer.require(HAPROXY);
        int port = RealServer.freePort();
        try (TestEdge edge = edge(true)) {
            String configuration =
                    moved(block("haproxy", "send-proxy-v2"), "127.0.0.1:80\n", "127.0.0.1:" + port + "\n");
            configuration = moved(configuration, "127.0.0.1:8080", "127.0.0.1:" + edge.port());
            String timeouts = "defaults\n    timeout connect 5s\n    timeout client 60s\n    timeout server 60s\n\n";
            Path file = Files.writeString(directory.resolve("haproxy.cfg"), timeouts + configuration);
            try (RealServer haproxy =
                    RealServer.start(directory, port, List.of(HAPROXY.toString(), "-db", "-f", file.toString()))) {

                assertThat(answer(port, GET + LIES + END)).startsWith("HTTP/1.1 200 ");

                assertThat(haproxy.runs()).isTrue();
                assertThat(rails.requests().get(0))
                        .contains("X-Forwarded-For: 127.0.0.2\r\n", "X-Forwarded-Proto: http\r\n")
                        .doesNotContain("6.6.6.6", "evil.test");
            }
        }
    }

    @Test
    void nginx_behind_hands_on_what_banyan_says() throws IOException {
        RealServer.require(NGINX);
        int port = RealServer.freePort();
        String configuration =
                moved(block("nginx", "real_ip_header"), "listen 3000;", "listen 127.0.0.1:" + port + ";");
        try (RealServer nginx = nginx(moved(configuration, "127.0.0.1:3001", "127.0.0.1:" + rails.port()), port);
                TestEdge edge = TestEdge.forwardingTo(port)) {

            for (int i = 0; i < 20; i++) {
                assertThat(answer(edge.port(), GET + LIES + END)).startsWith("HTTP/1.1 200 ");
            }

            assertThat(nginx.runs()).isTrue();
            assertThat(rails.requests())
                    .hasSize(20)
                    .allSatisfy(request -> assertThat(request)
                            .containsOnlyOnce("X-Forwarded-For: ")
                            .contains(
                                    "X-Forwarded-For: 127.0.0.2\r\n",
                                    "X-Forwarded-Proto: http\r\n",
                                    "Host: bank.test:8000\r\n")
                            .doesNotContain("6.6.6.6", "evil.test"));
        }
    }
}
