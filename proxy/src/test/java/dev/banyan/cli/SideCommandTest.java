package dev.banyan.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code banyan side}, against an admin API on a real socket. */
final class SideCommandTest {
    @TempDir
    private Path data;

    private FakeAdmin admin;

    @BeforeEach
    void start() throws Exception {
        admin = new FakeAdmin().leavesItsAddressIn(data).answers("POST /v1/sides", """
                        {"side": "modern", "routes": ["transactions"], "expires": "2026-03-01T16:00:00Z",
                         "header": {"name": "X-Banyan-Side", "value": "1.modern.x.y"},
                         "cookie": {"name": "banyan-side", "value": "1.modern.x.y", "max_age": 14400, "path": "/"}}""");
    }

    @AfterEach
    void stop() {
        admin.close();
    }

    @Test
    void it_prints_a_header_and_a_cookie_and_until_when_they_hold() {
        CommandRun run = CommandRun.of(
                "side",
                "modern",
                "--route",
                "transactions",
                "--route",
                "refunds",
                "--for",
                "4h",
                "--reason",
                "a look",
                "--data",
                data.toString());

        assertThat(run.err()).isEmpty();
        assertThat(run.out()).isEqualTo("""
                        modern until 2026-03-01 16:00:00; send one of the two:
                        header  X-Banyan-Side: 1.modern.x.y
                        cookie  banyan-side=1.modern.x.y
                        """);
        assertThat(admin.asked())
                .containsExactly("POST /v1/sides {\"side\":\"modern\",\"routes\":[\"transactions\",\"refunds\"],"
                        + "\"for\":\"4h\",\"reason\":\"a look\"}");
    }

    @Test
    void one_of_the_two_alone_can_be_piped() {
        String[] command = {"side", "modern", "--route", "transactions", "--data", data.toString(), "--header"};
        CommandRun header = CommandRun.of(command);
        command[6] = "--cookie";
        CommandRun cookie = CommandRun.of(command);

        assertThat(header.out()).isEqualTo("X-Banyan-Side: 1.modern.x.y\n");
        assertThat(cookie.out()).isEqualTo("banyan-side=1.modern.x.y\n");
        assertThat(admin.asked()).allMatch(asked -> asked.contains("\"for\":\"1h\""));
    }

    @Test
    void a_side_without_a_route_or_one_that_there_is_none_of_is_bad_usage() {
        assertThat(CommandRun.of("side", "modern").exitCode()).isEqualTo(2);
        assertThat(CommandRun.of("side", "new", "--route", "transactions").exitCode())
                .isEqualTo(2);
        assertThat(CommandRun.of("side", "modern", "--route", "x", "--header", "--cookie")
                        .exitCode())
                .isEqualTo(2);
    }
}
