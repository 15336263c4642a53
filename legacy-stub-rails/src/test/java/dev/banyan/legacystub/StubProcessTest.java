package dev.banyan.legacystub;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** The stub as a process of its own. */
final class StubProcessTest {

    @Test
    void it_says_where_it_listens_and_ends_with_its_standard_input() throws Exception {
        Process stub = start("--port", "0", "--exit-with-parent");
        try (BufferedReader out = stub.inputReader(StandardCharsets.UTF_8)) {
            String ready = out.readLine();

            assertThat(ready).matches("legacy stub listening on 127\\.0\\.0\\.1:\\d+");
            int port = Integer.parseInt(ready.substring(ready.lastIndexOf(':') + 1));
            assertThat(RawClient.get(port, "/up").status()).isEqualTo(200);
            stub.getOutputStream().close();
            assertThat(stub.waitFor(20, TimeUnit.SECONDS)).isTrue();
            assertThat(stub.exitValue()).isZero();
        } finally {
            stub.destroyForcibly();
        }
    }

    @Test
    void it_listens_for_other_machines_only_if_told_to() throws Exception {
        Process stub = start("--host", "0.0.0.0", "--port", "0", "--exit-with-parent");
        try (BufferedReader out = stub.inputReader(StandardCharsets.UTF_8)) {

            assertThat(out.readLine()).matches("legacy stub listening on 0\\.0\\.0\\.0:\\d+");
        } finally {
            stub.destroyForcibly();
        }
    }

    @Test
    void a_taken_port_is_told_in_one_line_that_names_the_flag() throws Exception {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            Process stub = start("--port", String.valueOf(taken.getLocalPort()));
            String err = new String(stub.getErrorStream().readAllBytes(), StandardCharsets.UTF_8);

            assertThat(stub.waitFor(20, TimeUnit.SECONDS)).isTrue();
            assertThat(stub.exitValue()).isEqualTo(1);
            assertThat(err)
                    .isEqualTo("legacy stub: port " + taken.getLocalPort()
                            + " is taken on 127.0.0.1; choose another with --port\n");
        }
    }

    @Test
    void an_unknown_flag_is_bad_usage() throws Exception {
        Process stub = start("--prot", "1");

        assertThat(stub.waitFor(20, TimeUnit.SECONDS)).isTrue();
        assertThat(stub.exitValue()).isEqualTo(2);
    }

    private static Process start(String... arguments) throws IOException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                LegacyStub.class.getName()));
        command.addAll(List.of(arguments));
        return new ProcessBuilder(command).start();
    }
}
