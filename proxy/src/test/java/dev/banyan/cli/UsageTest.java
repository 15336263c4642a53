package dev.banyan.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.banyan.settings.Key;
import dev.banyan.settings.SettingKeys;
import dev.banyan.settings.TableSource;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

/** What people type: help, mistakes, and the settings of serve and demo. */
final class UsageTest {
    private static final Pattern WORD = Pattern.compile("'([^']*)'|(\\S+)");

    @Test
    void every_command_has_an_example_that_parses() {
        for (CommandLine command : all(CommandRun.commandLine())) {
            String name = command.getCommandSpec().qualifiedName();
            List<String> examples = command.getUsageMessage()
                    .lines()
                    .map(String::strip)
                    .filter(line -> line.startsWith(name + " ") || line.startsWith("banyan ") || line.equals(name))
                    .filter(line -> !line.contains("<(") && !line.startsWith("Usage"))
                    .toList();
            assertThat(examples.isEmpty() && !name.equals("banyan completion"))
                    .as(name)
                    .isFalse();
            for (String example : examples) {
                CommandRun.commandLine().parseArgs(words(example.substring("banyan".length())));
            }
        }
    }

    @Test
    void every_command_shows_its_help_with_exit_code_0() {
        for (CommandLine command : all(CommandRun.commandLine())) {
            String name = command.getCommandSpec().qualifiedName();

            CommandRun run = CommandRun.of(
                    (name + " --help").substring("banyan ".length()).split(" "));

            assertThat(run.exitCode()).as(name).isZero();
            assertThat(run.out()).startsWith("Usage: " + name + " ");
            assertThat(run.err()).isEmpty();
        }
    }

    @Test
    void a_word_that_is_near_to_none_is_not_taken_for_another() {
        assertThat(CommandRun.of("dashboard").err())
                .contains("there is no command 'dashboard'")
                .doesNotContain("did you mean");
        assertThat(CommandRun.of("write").err()).contains("did you mean writes? If not, ");
    }

    @Test
    void bad_usage_is_told_on_standard_error_with_exit_code_2() {
        assertBadUsage("Which command?");
        assertBadUsage("there is no command 'rout'", "rout");
        assertBadUsage("did you mean --json? If not, see `banyan routes --help`", "routes", "--jsn");
        assertBadUsage("Missing required option: '--reason=WHY'", "canary", "set", "transactions", "5%");
        assertBadUsage(
                "'105%' is not a share (expected: 0% to 100% in steps of 0.01%, such as 25%)",
                "canary", "set", "transactions", "105%", "--reason", "x");
        assertBadUsage("'0.001%' is not a share", "canary", "set", "transactions", "0.001%", "--reason", "x");
        assertBadUsage("'../freeze' is not a route's id", "thaw", "../freeze");
        assertBadUsage("'GET  x y' is not a request", "explain", "GET  x y");
        assertBadUsage("'x' is not a header (expected: 'Name: value')", "explain", "/", "--header", "x");
        assertBadUsage("did you mean --listen? If not, see `banyan serve --help`", "serve", "--listn", "8080");
        assertBadUsage("--port and --admin-port are both 9900", "demo", "--port", "9900");
        assertBadUsage("--accounts-port: 70000 (expected: 0..65535)", "demo", "--accounts-port", "70000");
    }

    private static void assertBadUsage(String message, String... arguments) {
        CommandRun run = CommandRun.of(arguments);

        assertThat(run.err()).startsWith("banyan: ").contains(message, "fix: ");
        assertThat(run.out()).isEmpty();
        assertThat(run.exitCode()).isEqualTo(2);
    }

    @Test
    void serve_takes_its_settings_as_they_are_written() {
        assertThat(CommandRun.of("serve").served()).contains(new ServeOptions(Map.of(), Optional.empty(), false));
        assertThat(CommandRun.of(
                                "serve",
                                "--listen",
                                "nope",
                                "--admin-allowed-hosts",
                                "a,b",
                                "--admin-allowed-hosts=c",
                                "--debug-headers",
                                "--config",
                                "b.yaml",
                                "--check")
                        .served())
                .contains(new ServeOptions(
                        Map.of(
                                "--listen", "nope",
                                "--admin-allowed-hosts", "a,b,c",
                                "--debug-headers", "true"),
                        Optional.of(Path.of("b.yaml")),
                        true));
        assertThat(CommandRun.of("serve", "--debug-headers=false").served())
                .hasValueSatisfying(options -> assertThat(options.flags()).containsEntry("--debug-headers", "false"));
    }

    @Test
    void serve_finds_its_settings_file_by_a_variable_and_no_variable_counts_as_a_flag() {
        Map<String, String> environment = Map.of(
                "BANYAN_CONFIG", "/etc/b.yaml", "BANYAN_LISTEN", ":1", "BANYAN_DATA", "/d", "BANYAN_CHECK", "true");

        assertThat(CommandRun.in(environment, "serve").served())
                .contains(new ServeOptions(Map.of(), Optional.of(Path.of("/etc/b.yaml")), false));
        assertThat(CommandRun.in(environment, "serve", "--config", "c.yaml").served())
                .hasValueSatisfying(options -> assertThat(options.config()).contains(Path.of("c.yaml")));
    }

    @Test
    void the_help_of_serve_shows_every_setting_with_its_default_in_the_group_of_its_section() {
        String help = CommandRun.of("serve", "--help").out();

        for (Key<?> key : SettingKeys.all()) {
            assertThat(help).contains("      " + key.flag());
            assertThat(help.replaceAll("\\s+", ""))
                    .contains(key.defaultText().isEmpty() ? key.flag() : "(default:" + key.defaultText() + ").");
        }
        assertThat(help.indexOf("Settings of admin:"))
                .isBetween(help.indexOf("--listen="), help.indexOf("--admin-listen="));
    }

    @Test
    void demo_finds_the_examples_routes_from_any_directory() {
        assertThat(CommandRun.of("demo").demonstrated())
                .contains(new DemoOptions(
                        Path.of("./data"),
                        Path.of("/opt/banyan/routes"),
                        TableSource.FILES,
                        true,
                        List.of(),
                        Optional.empty(),
                        new DemoOptions.Ports(8080, 9901, 9900, 3000, 8081, 8082)));
        assertThat(CommandRun.of(
                                "demo",
                                "--no-traffic",
                                "--rails",
                                "http://127.0.0.1:3001",
                                "--routes",
                                "r",
                                "--bug",
                                "a",
                                "--bug",
                                "b")
                        .demonstrated())
                .hasValueSatisfying(options -> {
                    assertThat(options.traffic()).isFalse();
                    assertThat(options.rails()).contains(URI.create("http://127.0.0.1:3001"));
                    assertThat(options.routes()).isEqualTo(Path.of("r"));
                    assertThat(options.bugs()).containsExactly("a", "b");
                });
    }

    @Test
    void completion_is_a_script_that_bash_takes_and_that_completes() throws Exception {
        String script = CommandRun.of("completion").out();

        Process bash = new ProcessBuilder(
                        "bash",
                        "-c",
                        script + "\nCOMP_WORDS=(banyan can) COMP_CWORD=1\n"
                                + "_complete_banyan\necho \"completed: ${COMPREPLY[*]}\"")
                .redirectErrorStream(true)
                .start();
        bash.getOutputStream().close();

        assertThat(new String(bash.getInputStream().readAllBytes(), java.nio.charset.StandardCharsets.UTF_8))
                .contains("completed: canary");
    }

    static List<CommandLine> all(CommandLine command) {
        List<CommandLine> all = new ArrayList<>(List.of(command));
        command.getSubcommands().values().forEach(subcommand -> all.addAll(all(subcommand)));
        return all;
    }

    /** As a shell splits. */
    static String[] words(String line) {
        Matcher matcher = WORD.matcher(line.strip());
        List<String> words = new ArrayList<>();
        while (matcher.find()) {
            words.add(matcher.group(1) == null ? matcher.group(2) : matcher.group(1));
        }
        return words.toArray(new String[0]);
    }
}
