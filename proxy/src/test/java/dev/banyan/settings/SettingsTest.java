package dev.banyan.settings;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** From texts to settings. */
final class SettingsTest {
    private static final String SECRET = "hunter2-hunter2-hunter2-hunter2-hunter2";

    private static Settings.Reading read(Map<String, String> flags, Map<String, String> environment, String yaml) {
        return Settings.read(new SettingSources(
                flags, environment, Optional.of(new SettingSources.SettingFile("banyan.yaml", yaml))));
    }

    private static Settings.Reading file(String yaml) {
        return read(Map.of(), Map.of(), yaml);
    }

    private static List<String> told(Settings.Reading reading) {
        return reading.problems().stream().map(Object::toString).toList();
    }

    @Test
    void without_a_word_everything_is_as_the_table_says() {
        Settings.Reading reading = Settings.read(new SettingSources(Map.of(), Map.of(), Optional.empty()));

        assertThat(reading.problems()).isEmpty();
        assertThat(reading.warnings()).isEmpty();
        assertThat(reading.settings().all()).hasSameSizeAs(SettingKeys.all()).allSatisfy(setting -> {
            assertThat(setting.source()).hasToString("default");
            assertThat(String.join(",", setting.texts()))
                    .isEqualTo(setting.key().defaultText());
        });
    }

    @Test
    void a_flag_beats_a_variable_a_variable_the_file_and_the_file_the_default() {
        Settings settings = read(
                        Map.of("--listen", ":1"),
                        Map.of("BANYAN_LISTEN", ":2", "BANYAN_ADMIN_LISTEN", "[::1]:2", "BANYAN_DATA", ""),
                        """
                        listen: :3
                        data: /d
                        admin:
                          listen: :3
                        timeouts: { keep-alive: 2m }
                        """)
                .settings();

        assertThat(settings.setting(SettingKeys.LISTEN))
                .extracting(Setting::value, one -> one.source().toString())
                .containsExactly(new ListenAddress("0.0.0.0", 1), "flag --listen");
        assertThat(settings.setting(SettingKeys.ADMIN_LISTEN))
                .extracting(Setting::value, one -> one.source().toString())
                .containsExactly(new ListenAddress("::1", 2), "environment BANYAN_ADMIN_LISTEN");
        assertThat(settings.setting(SettingKeys.DATA))
                .as("a variable set to nothing is not set")
                .extracting(Setting::value, one -> one.source().toString())
                .containsExactly(Path.of("/d"), "banyan.yaml:2:7");
        assertThat(settings.setting(SettingKeys.TIMEOUT_KEEP_ALIVE))
                .extracting(Setting::value, one -> one.source().toString())
                .containsExactly(Duration.ofMinutes(2), "banyan.yaml:5:25");
    }

    @Test
    void every_problem_of_every_source_is_told_at_once_also_where_another_source_wins() {
        Settings.Reading reading = read(
                Map.of("--listen", "nope", "--loops", "many"),
                Map.of("BANYAN_DRAIN_LIMIT", "30", "BANYAN_LISTEN", "host"),
                """
                listen: [ 8080 ]
                drain: { delay: 5 s, limit: 1s }
                lisen: 8080
                """);

        assertThat(told(reading))
                .containsExactlyInAnyOrder(
                        "--listen: nope is no address to listen on; fix: write HOST:PORT, such as 127.0.0.1:9900 or [::1]:9900",
                        "BANYAN_LISTEN: host is no address to listen on; fix: write HOST:PORT, such as 127.0.0.1:9900 or"
                                + " [::1]:9900",
                        "banyan.yaml:1:9: listen: is a list; fix: write HOST:PORT, such as 127.0.0.1:9900 or [::1]:9900",
                        "--loops: many is no whole number; fix: write a whole number from 0 to 1024",
                        "BANYAN_DRAIN_LIMIT: 30 is no duration; fix: add the unit: 30ms, 30s or 30m",
                        "banyan.yaml:2:17: drain.delay: 5 s is no duration; fix: write 5s",
                        "banyan.yaml:3:1: lisen: no such key of the settings; fix: did you mean listen?");
        assertThat(reading.settings().find(SettingKeys.LISTEN)).isEmpty();
        assertThat(reading.settings().find(SettingKeys.DATA)).isPresent();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            admin-listen: x            | write listen: below admin:, indented
            admin.listen: x            | write listen: below admin:, indented
            level: x                   | write level: below log:, indented
            amin: { listen: x }        | did you mean admin?
            admin: { lisen: x }        | did you mean listen?
            admin: { debug-headers: x }| write it at the top, without indentation
            admin: 9900                | write its keys below it, indented: listen, insecure, certificate, certificate-key, allowed-hosts
            upstreams: { }             | move it into a routing file
            nonsense: 1                | remove it; the settings has listen, routes
            listen:                    | write HOST:PORT
            data: { }                  | write a path
            source: file               | did you mean files?
            log: { access: sdtout }    | did you mean stdout?
            log: { access: here }      | write stdout, off, or a path with a slash in it
            debug-headers: yes         | write true or false
            limits: { body-rate: 240 } | add the unit: 240B, 240KiB or 240MiB
            timeouts: { idle: 1ms }    | write a duration from 100ms to 24h
            timeouts: { idle: 2000h }  | write a duration from 100ms to 24h
            """)
    void a_mistake_in_the_file_is_told_with_what_to_write_instead(String yaml, String fix) {
        assertThat(told(file(yaml)))
                .singleElement()
                .asString()
                .startsWith("banyan.yaml:1:")
                .contains("; fix: " + fix);
    }

    @Test
    void a_secret_itself_is_refused_wherever_it_stands_and_never_shown() {
        Settings.Reading reading = read(
                Map.of("--signing-keys", SECRET),
                Map.of("BANYAN_SIGNING_KEYS", "env:OK," + SECRET),
                "signing-keys: [ \"file:/run/k\", \"" + SECRET + "\", \"fiel:" + SECRET + "\", \"env:" + SECRET
                        + "\" ]");

        assertThat(told(reading))
                .hasSize(5)
                .allSatisfy(problem -> assertThat(problem)
                        .doesNotContain("hunter2")
                        .contains("a secret must not stand here itself", "write file:PATH", "write env:NAME"));
    }

    @Test
    void a_list_is_a_list_in_the_file_and_takes_commas_everywhere() {
        assertThat(file("signing-keys: [ file:/a/new, env:OLD ]").settings().get(SettingKeys.SIGNING_KEYS))
                .containsExactly(
                        new SecretReference.InFile(Path.of("/a/new")), new SecretReference.InEnvironment("OLD"));
        assertThat(file("admin: { allowed-hosts: a }").settings().get(SettingKeys.ADMIN_ALLOWED_HOSTS))
                .containsExactly("a");
        assertThat(read(Map.of("--admin-allowed-hosts", "a, b,c"), Map.of(), "")
                        .settings()
                        .get(SettingKeys.ADMIN_ALLOWED_HOSTS))
                .containsExactly("a", "b", "c");
        assertThat(told(read(Map.of("--admin-allowed-hosts", "a,,b"), Map.of(), "")))
                .containsExactly("--admin-allowed-hosts: is empty; fix: write a host such as banyan.internal");
    }

    @Test
    void a_file_or_a_section_with_all_its_keys_commented_out_says_nothing() {
        for (String yaml : List.of("", "# listen: 8080\n", "admin:\n  # listen: 8080\n", "signing-keys:\n")) {
            Settings.Reading reading = file(yaml);

            assertThat(reading.problems()).isEmpty();
            assertThat(reading.settings().all())
                    .filteredOn(setting -> !setting.key().equals(SettingKeys.SIGNING_KEYS))
                    .allSatisfy(setting -> assertThat(setting.source()).hasToString("default"));
        }
    }

    @Test
    void a_variable_that_looks_misspelt_is_warned_of_and_what_others_set_is_not() {
        Settings.Reading reading = Settings.read(new SettingSources(
                Map.of(),
                Map.of(
                        "BANYAN_ADMIN_LISTN", "x",
                        "BANYAN_LOGLEVEL", "x",
                        "BANYAN_SERVICE_HOST", "10.0.0.1",
                        "BANYAN_PORT", "tcp://10.0.0.1:8080",
                        "BANYAN_PORT_8080_TCP_ADDR", "10.0.0.1",
                        "BANYAN_ADMIN_PORT", "tcp://10.0.0.1:9900",
                        "BANYAN_REQUIRE_SERVERS", "1",
                        "BANYAN_TREE_SPECIES", "ficus",
                        "LISTN", "x"),
                Optional.empty()));

        assertThat(reading.problems()).isEmpty();
        assertThat(reading.warnings())
                .extracting(Object::toString)
                .containsExactly(
                        "BANYAN_ADMIN_LISTN: no such setting, so it says nothing; fix: did you mean BANYAN_ADMIN_LISTEN?",
                        "BANYAN_LOGLEVEL: no such setting, so it says nothing; fix: did you mean BANYAN_LOG_LEVEL?");
    }

    @Test
    void no_two_keys_share_a_flag_or_a_variable_and_none_is_also_a_section() {
        assertThat(SettingKeys.all()).extracting(Key::name).doesNotHaveDuplicates();
        assertThat(SettingKeys.all()).extracting(Key::flag).doesNotHaveDuplicates();
        assertThat(SettingKeys.all()).extracting(Key::variable).doesNotHaveDuplicates();
        assertThat(SettingKeys.all())
                .extracting(Key::name)
                .doesNotContainAnyElementsOf(
                        SettingKeys.all().stream().map(Key::section).toList());
    }

    @Test
    void no_variable_is_one_that_kubernetes_sets_for_a_service_called_banyan_or_banyan_anything() {
        assertThat(SettingKeys.all())
                .extracting(Key::variable)
                .noneMatch(name -> name.matches(".*_(PORT|SERVICE)(_.*)?"))
                .allMatch(name -> name.matches("BANYAN_[A-Z][A-Z_]*"));
    }
}
