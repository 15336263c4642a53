package dev.banyan.traffic.http2;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.banyan.testing.RawUpstream;
import dev.banyan.testing.TestEdge;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Clients that others wrote find an HTTP/2 that they know. */
class Http2PeersTest {
    private static final int MIB = 1 << 20;

    @TempDir
    private Path directory;

    @Test
    void curl_sends_and_gets_a_mebibyte() throws Exception {
        Path upload = directory.resolve("upload");
        Files.write(upload, new byte[MIB]);
        try (RawUpstream rails = RawUpstream.running(connection -> {
                    connection.readHead();
                    connection.readBytes(MIB);
                    connection.write("HTTP/1.1 200 OK\r\nContent-Length: " + MIB + "\r\n\r\n" + "y".repeat(MIB));
                });
                TestEdge edge = TestEdge.forwardingTo(rails.port())) {

            String printed = run(
                    "curl",
                    "-s",
                    "--http2-prior-knowledge",
                    "--data-binary",
                    "@" + upload,
                    "-o",
                    directory.resolve("got").toString(),
                    "-w",
                    "%{http_version} %{http_code} %{size_upload} %{size_download}",
                    edge.uri("/").toString());

            assertThat(printed).isEqualTo("2 200 " + MIB + " " + MIB);
        }
    }

    @Test
    void nghttp_gets_interim_answers_and_trailers() throws Exception {
        try (RawUpstream rails = RawUpstream.answering("HTTP/1.1 103 Early Hints\r\nLink: </a.css>\r\n\r\n"
                        + "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nok\r\n0\r\nX-Sum: 7\r\n\r\n");
                TestEdge edge = TestEdge.forwardingTo(rails.port())) {

            String printed = run("nghttp", "-v", edge.uri("/").toString());

            assertThat(printed)
                    .contains(":status: 103", ":status: 200", "x-sum: 7")
                    .doesNotContain("error_code=0x01");
        }
    }

    @Test
    void h2load_has_all_its_requests_answered() throws Exception {
        try (RawUpstream rails = RawUpstream.answering("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok");
                TestEdge edge = TestEdge.forwardingTo(rails.port())) {

            String printed = run(
                    "h2load", "-n", "1000", "-c", "2", "-m", "50", edge.uri("/").toString());

            assertThat(printed).contains("1000 succeeded, 0 failed, 0 errored, 0 timeout");
        }
    }

    private String run(String... command) throws Exception {
        if (!"1".equals(System.getenv("BANYAN_REQUIRE_SERVERS"))) {
            assumeTrue(isInstalled(command[0]), command[0] + " is not installed");
        }
        Path printed = directory.resolve("printed");
        List<String> patient = new ArrayList<>(List.of("timeout", "60"));
        patient.addAll(List.of(command));
        new ProcessBuilder(patient)
                .redirectErrorStream(true)
                .redirectOutput(printed.toFile())
                .start()
                .waitFor();
        return Files.readString(printed, StandardCharsets.ISO_8859_1);
    }

    private static boolean isInstalled(String program) {
        for (String directory : System.getenv("PATH").split(":", -1)) {
            if (Files.isExecutable(Path.of(directory, program))) {
                return true;
            }
        }
        return false;
    }
}
