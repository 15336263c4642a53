package dev.banyan.traffic.http2;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import dev.banyan.dataplane.tls.TlsProvider;
import dev.banyan.testing.H2Spec;
import dev.banyan.testing.Tables;
import dev.banyan.testing.TestCertificate;
import dev.banyan.testing.TestEdge;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What HTTP/2 demands, case by case, as an independent judge sees it. */
class H2SpecTest {
    private static final String ALL_PASSED = "145 tests, 145 passed, 0 skipped, 0 failed";
    private static final byte[] HELLO = "hello".getBytes(StandardCharsets.US_ASCII);

    @TempDir
    private Path directory;

    @Test
    void all_145_cases_of_h2spec_pass_over_cleartext_by_prior_knowledge() throws Exception {
        try (WholeRequests rails = new WholeRequests();
                TestEdge edge = TestEdge.forwardingTo(rails.port())) {

            assertAllPassed(H2Spec.run(directory, edge.port()));
        }
    }

    @Test
    void all_145_cases_of_h2spec_pass_over_tls() throws Exception {
        TestCertificate certificate = TestCertificate.ca("ca").signs("localhost");
        try (WholeRequests rails = new WholeRequests();
                TestEdge edge = TestEdge.encrypted(
                        Tables.onlyDefault(rails.port()), TlsProvider.best(), certificate, directory)) {

            assertAllPassed(H2Spec.run(directory, edge.tlsPort(), "-t", "-k"));
        }
    }

    private static void assertAllPassed(List<String> printed) {
        assertThat(printed.stream().filter(line -> line.contains("\u00d7")))
                .as("failed")
                .isEmpty();
        assertThat(printed).contains(ALL_PASSED);
    }

    /**
     * An upstream that answers a request when it has ended. Answered earlier, the stream may be over before h2spec sends the next
     * frame of a request that it leaves open, and what comes on a stream that is over is not what its case is about.
     */
    private static final class WholeRequests implements AutoCloseable {
        private final ExecutorService threads = Executors.newCachedThreadPool();
        private final HttpServer server;

        WholeRequests() throws IOException {
            server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
            server.setExecutor(threads);
            server.createContext("/", request -> {
                try (request) {
                    request.getRequestBody().readAllBytes();
                    request.sendResponseHeaders(200, HELLO.length);
                    request.getResponseBody().write(HELLO);
                }
            });
            server.start();
        }

        int port() {
            return server.getAddress().getPort();
        }

        @Override
        public void close() {
            server.stop(0);
            threads.shutdownNow();
        }
    }
}
