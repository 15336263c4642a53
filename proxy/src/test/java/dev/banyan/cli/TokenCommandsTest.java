package dev.banyan.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code banyan token}, against an admin API on a real socket. */
final class TokenCommandsTest {
    @TempDir
    private Path data;

    private FakeAdmin admin;

    @BeforeEach
    void start() throws Exception {
        admin = new FakeAdmin().leavesItsAddressIn(data);
    }

    @AfterEach
    void stop() {
        admin.close();
    }

    @Test
    void a_made_token_is_all_that_goes_to_standard_output_and_how_to_use_it_to_standard_error() {
        admin.answers("POST /v1/tokens", """
                {"id": "0123456789ab", "name": "squad-money", "role": "operator", "routes": ["refunds", "transactions"],
                 "created": "2026-03-01T12:00:00Z", "expires": "2026-03-31T12:00:00Z", "token": "bny_secret"}""");

        CommandRun run = CommandRun.of(
                "token",
                "create",
                "--role",
                "operator",
                "--name",
                "squad-money",
                "--route",
                "transactions",
                "--route",
                "refunds",
                "--expires",
                "30d",
                "--data",
                data.toString());

        assertThat(run.exitCode()).isZero();
        assertThat(run.out()).isEqualTo("bny_secret\n");
        assertThat(run.err())
                .contains(
                        "made token 0123456789ab: squad-money, operator, for refunds, transactions, until 2026-03-31",
                        "shown this once",
                        "banyan token revoke 0123456789ab")
                .doesNotContain("bny_");
        assertThat(admin.asked())
                .containsExactly("POST /v1/tokens {\"role\":\"operator\",\"name\":\"squad-money\","
                        + "\"routes\":[\"transactions\",\"refunds\"],\"expires\":\"30d\"}");
    }

    @Test
    void without_routes_and_an_end_none_are_asked_for_and_json_is_the_whole_answer() {
        admin.answers("POST /v1/tokens", "{\"id\": \"0123456789ab\", \"token\": \"bny_secret\"}");

        CommandRun run = CommandRun.of(
                "token", "create", "--role", "viewer", "--name", "grafana", "--json", "--data", data.toString());

        assertThat(run.out()).contains("\"id\" : \"0123456789ab\"", "\"token\" : \"bny_secret\"");
        assertThat(run.err()).isEmpty();
        assertThat(admin.asked()).containsExactly("POST /v1/tokens {\"role\":\"viewer\",\"name\":\"grafana\"}");
    }

    @Test
    void the_list_says_what_each_token_may_change_and_which_are_over() {
        admin.answers("GET /v1/tokens", """
                {"tokens": [
                  {"id": "aa", "name": "admin", "role": "admin", "created": "2026-01-01T00:00:00.123Z"},
                  {"id": "bb", "name": "squad-money", "role": "operator", "routes": ["refunds", "transactions"],
                   "created": "2026-01-02T00:00:00Z", "expires": "2026-03-01T12:00:00Z"}]}""");

        CommandRun run = CommandRun.of("token", "list", "--data", data.toString());

        assertThat(run.out()).isEqualTo("""
                        ID  NAME         ROLE      ROUTES                 CREATED              EXPIRES
                        aa  admin        admin     all                    2026-01-01 00:00:00  -
                        bb  squad-money  operator  refunds, transactions  2026-01-02 00:00:00  2026-03-01 12:00:00, over
                        """);
    }

    @Test
    void revoke_names_the_token_by_its_id() {
        admin.answers("DELETE /v1/tokens/0123456789ab", "{\"id\": \"0123456789ab\", \"revoked\": true}");

        CommandRun run = CommandRun.of("token", "revoke", "0123456789ab", "--data", data.toString());

        assertThat(run.out()).isEqualTo("token 0123456789ab is refused from now on\n");
        assertThat(admin.asked()).containsExactly("DELETE /v1/tokens/0123456789ab");
    }

    @Test
    void a_token_typed_in_place_of_its_id_is_not_repeated_where_logs_could_keep_it() {
        CommandRun run = CommandRun.of("token", "revoke", "bny_secret", "--data", data.toString());

        assertThat(run.exitCode()).isEqualTo(2);
        assertThat(run.err()).contains("not a token's id", "banyan token list").doesNotContain("bny_secret");
        assertThat(admin.asked()).isEmpty();
    }

    @Test
    void a_role_or_a_duration_that_there_is_none_of_is_bad_usage() {
        CommandRun role = CommandRun.of("token", "create", "--role", "root", "--name", "x");
        CommandRun expires = CommandRun.of("token", "create", "--role", "viewer", "--name", "x", "--expires", "soon");

        assertThat(role.exitCode()).isEqualTo(2);
        assertThat(role.err()).contains("VIEWER, OPERATOR, ADMIN");
        assertThat(expires.exitCode()).isEqualTo(2);
        assertThat(expires.err()).contains("'soon' is not a duration", "30d");
    }
}
