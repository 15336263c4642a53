package dev.banyan.controlplane.admin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StartTest {
    private static final AdminSettings.Address FREE = new AdminSettings.Address("127.0.0.1", 0);

    @TempDir
    Path data;

    @Test
    void a_taken_port_stops_the_start_and_frees_the_other() throws Exception {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            AdminSettings.Address address = new AdminSettings.Address("127.0.0.1", taken.getLocalPort());

            assertThatThrownBy(() -> TestAdmin.with(new AdminSettings(address, FREE, List.of(), false), data))
                    .hasRootCauseInstanceOf(BindException.class);
        }
    }

    @Test
    void tokens_that_cannot_be_read_stop_the_start_with_the_place_and_the_fix() throws Exception {
        Files.writeString(data.resolve("tokens.json"), "{\"tokens\":[{\"id\":\"x\"}]}");

        assertThatThrownBy(() -> TestAdmin.in(data))
                .hasRootCauseInstanceOf(IllegalArgumentException.class)
                .cause()
                .isInstanceOf(IOException.class)
                .hasMessageContaining("tokens.json: not a list of tokens")
                .hasMessageContaining("fix: ");
    }

    @Test
    void a_crash_between_the_two_files_of_the_first_start_leaves_no_token_behind_that_nobody_has() throws Exception {
        Files.writeString(data.resolve("admin.token"), "bny_OF-A-START-THAT-CRASHED-OF-A-START-THAT-CRASHE\n");

        try (TestAdmin admin = TestAdmin.in(data)) {
            assertThat(admin.token).isNotEqualTo("bny_OF-A-START-THAT-CRASHED-OF-A-START-THAT-CRASHE");
            assertThat(admin.get("/v1/table").statusCode()).isEqualTo(200);
        }
    }
}
