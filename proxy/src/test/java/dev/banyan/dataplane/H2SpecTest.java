package dev.banyan.dataplane;

import static org.assertj.core.api.Assertions.assertThat;

import dev.banyan.dataplane.tls.TlsProvider;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
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
        try (RawUpstream rails = upstream();
                TestEdge edge = TestEdge.encrypted(
                        Tables.onlyDefault(rails.port()), TlsProvider.best(), certificate, directory)) {

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
