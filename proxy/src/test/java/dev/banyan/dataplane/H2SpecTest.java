package dev.banyan.dataplane;

import static org.assertj.core.api.Assertions.assertThat;

import dev.banyan.dataplane.listener.ListenerSettings;
import dev.banyan.dataplane.tls.CertificateFiles;
import dev.banyan.dataplane.tls.TlsProvider;
import dev.banyan.dataplane.tls.TlsSettings;
import dev.banyan.dataplane.wire.http1.ServerConnection.Timeouts;
import dev.banyan.net.Networks;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What HTTP/2 demands, case by case, as an independent judge sees it. */
class H2SpecTest {
    private static final String ALL_PASSED = "145 tests, 145 passed, 0 skipped, 0 failed";

    @TempDir
    private Path directory;

    @Test
    void all_145_cases_of_h2spec_pass_over_cleartext_by_prior_knowledge() throws Exception {
        try (RawUpstream rails = upstream();
                TestEdge edge = TestEdge.forwardingTo(rails.port())) {

            assertAllPassed(H2Spec.run(directory, edge.port()));
        }
    }

    @Test
    void all_145_cases_of_h2spec_pass_over_tls() throws Exception {
        TestCertificate certificate = TestCertificate.ca("ca").signs("localhost");
        CertificateFiles files = new CertificateFiles(
                certificate.writeCertificate(directory.resolve("crt")),
                certificate.writeKey(directory.resolve("key")),
                List.of());
        TlsSettings tls =
                new TlsSettings(TestEdge.anyPort(), List.of(files), Duration.ofSeconds(1), TlsProvider.best());
        ListenerSettings listen = new ListenerSettings(Optional.empty(), Optional.of(tls), Networks.NONE, false);
        try (RawUpstream rails = upstream();
                TestEdge edge = TestEdge.with(Tables.onlyDefault(rails.port()), listen, Timeouts.DEFAULT)) {

            assertAllPassed(H2Spec.run(directory, edge.tlsPort(), "-t", "-k"));
        }
    }

    private static RawUpstream upstream() throws IOException {
        return RawUpstream.answering("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello");
    }

    private static void assertAllPassed(List<String> printed) {
        assertThat(printed.stream().filter(line -> line.contains("\u00d7")))
                .as("failed")
                .isEmpty();
        assertThat(printed).contains(ALL_PASSED);
    }
}
