package dev.banyan.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** By address and token, or by a data directory; and what is said when that fails. */
final class FindingTheProxyTest {
    private static final String DONE = "{\"revision\": 1, \"changed\": true, \"changes\": []}";

    @TempDir
    private Path dir;

    @Test
    void the_data_directory_names_address_and_token() throws Exception {
        try (FakeAdmin admin = new FakeAdmin().leavesItsAddressIn(dir).answers("POST /v1/unpin", DONE)) {

            assertThat(CommandRun.of("unpin", "--data", dir.toString()).exitCode())
                    .isZero();
            assertThat(CommandRun.in(Map.of("BANYAN_DATA", dir.toString()), "unpin")
                            .exitCode())
                    .isZero();
            assertThat(admin.asked()).hasSize(2);
        }
    }

    @Test
    void address_and_token_file_can_be_given_by_flag_or_by_variable() throws Exception {
        try (FakeAdmin admin = new FakeAdmin().leavesItsAddressIn(dir).answers("POST /v1/unpin", DONE)) {
            String token = dir.resolve("admin.token").toString();

            assertThat(CommandRun.of("unpin", "--admin", admin.url(), "--token-file", token)
                            .exitCode())
                    .isZero();
            assertThat(CommandRun.in(Map.of("BANYAN_ADMIN", admin.url() + "/", "BANYAN_TOKEN_FILE", token), "unpin")
                            .exitCode())
                    .isZero();
            assertThat(CommandRun.in(
                                    Map.of("BANYAN_ADMIN", "http://127.0.0.1:1", "BANYAN_TOKEN_FILE", token),
                                    "unpin",
                                    "--admin",
                                    admin.url())
                            .exitCode())
                    .as("a flag beats the variable")
                    .isZero();
        }
    }

    @Test
    void no_data_directory_says_how_to_start_or_name_a_proxy() {
        CommandRun run = CommandRun.of("routes", "--data", dir.resolve("none").toString());

        assertThat(run.exitCode()).isEqualTo(1);
        assertThat(run.err())
                .contains(dir.resolve("none") + "/admin.url: no such file", "fix: start a proxy with `banyan demo`");
    }

    @Test
    void a_proxy_that_is_gone_is_told_with_its_address_and_where_that_came_from() throws Exception {
        int port;
        try (ServerSocket free = new ServerSocket(0)) {
            port = free.getLocalPort();
        }
        Files.writeString(dir.resolve("admin.url"), "http://127.0.0.1:" + port);
        Files.writeString(dir.resolve("admin.token"), FakeAdmin.TOKEN);

        CommandRun run = CommandRun.of("routes", "--data", dir.toString());

        assertThat(run.exitCode()).isEqualTo(1);
        assertThat(run.err())
                .contains(
                        "the proxy at http://127.0.0.1:" + port + " (from " + dir.resolve("admin.url")
                                + ") refused the connection",
                        "fix: start it with `banyan demo`");
    }

    @Test
    void a_wrong_token_is_told_with_what_to_do() throws Exception {
        try (FakeAdmin admin = new FakeAdmin().leavesItsAddressIn(dir)) {
            Files.writeString(dir.resolve("admin.token"), "another");

            CommandRun run = CommandRun.of("routes", "--data", dir.toString());

            assertThat(run.exitCode()).isEqualTo(1);
            assertThat(run.err())
                    .contains("Not authenticated: The token is not known.", "answered 401", "--token-file FILE")
                    .doesNotContain("another");
            assertThat(admin.asked()).hasSize(1);
        }
    }

    @Test
    void a_redirect_is_not_followed_because_the_token_would_go_with_it() throws Exception {
        try (FakeAdmin admin = new FakeAdmin().leavesItsAddressIn(dir).redirects("POST /v1/unpin")) {

            CommandRun run = CommandRun.of("unpin", "--data", dir.toString());

            assertThat(run.err()).contains("answered 302 to POST /v1/unpin, and not as a Banyan admin API does");
            assertThat(admin.asked()).containsExactly("POST /v1/unpin {}");
        }
    }

    @Test
    void an_answer_without_end_is_given_up() throws Exception {
        try (FakeAdmin admin = new FakeAdmin().leavesItsAddressIn(dir)) {
            admin.answers("GET /v1/routes", " ".repeat(33 * 1024 * 1024));

            CommandRun run = CommandRun.of("routes", "--data", dir.toString());

            assertThat(run.exitCode()).isEqualTo(1);
            assertThat(run.err()).contains("the answer is longer than 33554432 bytes");
        }
    }

    @Test
    void an_address_without_a_token_file_is_bad_usage_and_no_other_proxys_token_is_sent() throws Exception {
        try (FakeAdmin admin = new FakeAdmin().leavesItsAddressIn(dir)) {

            CommandRun run = CommandRun.of("routes", "--admin", admin.url(), "--data", dir.toString());

            assertThat(run.exitCode()).isEqualTo(2);
            assertThat(run.err()).contains("--admin needs --token-file FILE");
            assertThat(admin.asked()).isEmpty();
        }
    }

    @Test
    void what_is_no_address_and_what_is_no_token_is_told() throws Exception {
        Files.writeString(dir.resolve("two-lines"), "one\r\nX-Evil: 1");
        String token = dir.resolve("two-lines").toString();

        assertThat(CommandRun.of("routes", "--admin", "ftp://x", "--token-file", token)
                        .err())
                .contains("--admin: 'ftp://x' is not an address (expected: http://HOST:PORT");
        assertThat(CommandRun.of("routes", "--admin", "http://h:1/v1", "--token-file", token)
                        .exitCode())
                .isEqualTo(2);
        assertThat(CommandRun.of("routes", "--admin", "http://h:1", "--token-file", token)
                        .err())
                .contains("two-lines: this is not a token (expected: one line of visible characters)");
    }
}
