package dev.banyan.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import dev.banyan.settings.Key;
import dev.banyan.settings.SettingKeys;
import dev.banyan.settings.SettingSources;
import dev.banyan.settings.Settings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;
import picocli.CommandLine.Model.OptionSpec;

/** What the documentation says about commands is so. */
final class DocsTest {
    private static final Path ROOT = Path.of("..");
    private static final Path COMMANDS = ROOT.resolve("docs/commands.md");
    private static final Path SETTINGS = ROOT.resolve("docs/settings.md");

    /** In a code block, or inline between backquotes. */
    private static final Pattern COMMAND =
            Pattern.compile("(?m)^(?:\\$ )?\\./banyan +(?<line>[^#|\n]+)|`(?:\\./)?banyan +(?<inline>[^`\n]+)`");

    private static final Pattern FLAG = Pattern.compile("`(--[a-z][a-z-]*)");
    private static final Pattern VARIABLE = Pattern.compile("BANYAN_[A-Z_]*[A-Z]");
    private static final Pattern SETTINGS_FILE = Pattern.compile("(?s)```yaml\n(# banyan.yaml\n.*?)```");
    private static final String TABLE_BEGINS = "<!-- settings -->\n";
    private static final String TABLE_ENDS = "<!-- /settings -->";
    /** As it stands behind a promise. */
    private static final Pattern TEST = Pattern.compile("`([A-Z][A-Za-z0-9]*(?:Test|Fuzz))`");

    private static final Pattern LINK = Pattern.compile("]\\((?!https?:)([^)#]+)");

    @Test
    void every_command_line_in_the_documentation_parses() throws Exception {
        for (Path page : pages()) {
            Matcher command = COMMAND.matcher(Files.readString(page));
            while (command.find()) {
                boolean inline = command.group("line") == null;
                String line = inline ? command.group("inline") : command.group("line");
                if (!line.contains("...")) {
                    assertThatCode(() -> parse(line, inline))
                            .as("%s: banyan %s", page, line)
                            .doesNotThrowAnyException();
                }
            }
        }
    }

    /** A sentence may name a command without what it needs. */
    private static void parse(String line, boolean inline) {
        try {
            CommandRun.commandLine().parseArgs(UsageTest.words(line));
        } catch (CommandLine.MissingParameterException e) {
            if (!inline) {
                throw e;
            }
        }
    }

    @Test
    void the_index_leads_to_every_page() throws Exception {
        Path docs = ROOT.resolve("docs");
        String index = Files.readString(docs.resolve("README.md"));

        try (Stream<Path> pages = Files.list(docs)) {
            assertThat(pages.map(page -> page.getFileName().toString())
                            .filter(name -> name.endsWith(".md") && !name.equals("README.md")))
                    .allSatisfy(name -> assertThat(index).contains("(" + name + ")"));
        }
    }

    @Test
    void every_link_of_the_documentation_leads_to_a_file() throws Exception {
        Pattern link = Pattern.compile("]\\(([^)#:]+)(?:#[^)]*)?\\)");
        for (Path page : pages()) {
            Matcher links = link.matcher(Files.readString(page));
            while (links.find()) {
                assertThat(page.resolveSibling(links.group(1)))
                        .as("%s: %s", page, links.group())
                        .exists();
            }
        }
    }

    @Test
    void every_flag_that_a_newcomer_reads_of_exists() throws Exception {
        List<String> known = UsageTest.all(CommandRun.commandLine()).stream()
                .flatMap(command -> command.getCommandSpec().options().stream())
                .map(OptionSpec::longestName)
                .toList();
        for (Path page : List.of(ROOT.resolve("README.md"), ROOT.resolve("docs/getting-started.md"))) {
            Matcher flag = FLAG.matcher(Files.readString(page));
            while (flag.find()) {
                assertThat(known).as("%s: %s", page, flag.group(1)).contains(flag.group(1));
            }
        }
    }

    @Test
    void the_table_of_settings_is_the_one_in_the_code() throws Exception {
        String page = Files.readString(SETTINGS);
        int from = page.indexOf(TABLE_BEGINS) + TABLE_BEGINS.length();
        String told = page.substring(0, from) + settings() + page.substring(page.indexOf(TABLE_ENDS));
        if ("write".equals(System.getProperty("banyan.docs"))) {
            Files.writeString(SETTINGS, told);
        }

        assertThat(Files.readString(SETTINGS)).isEqualTo(told);
    }

    @Test
    void every_variable_in_the_documentation_exists() throws Exception {
        List<String> known = new ArrayList<>(List.of(
                "BANYAN_CONFIG",
                "BANYAN_ADMIN",
                "BANYAN_ADMIN_CA",
                "BANYAN_TOKEN_FILE",
                "BANYAN_JAVA_OPTS",
                "BANYAN_REQUIRE_SERVERS",
                // Kubernetes' own.
                "BANYAN_PORT"));
        SettingKeys.all().forEach(key -> known.add(key.variable()));
        for (Path page : pages()) {
            Matcher variable = VARIABLE.matcher(Files.readString(page));
            while (variable.find()) {
                assertThat(known).as("in %s", page).contains(variable.group());
            }
        }
    }

    @Test
    void every_settings_file_in_the_documentation_is_right() throws Exception {
        Matcher block = SETTINGS_FILE.matcher(Files.readString(SETTINGS));
        int seen = 0;
        while (block.find()) {
            seen++;
            Settings.Reading reading = Settings.read(new SettingSources(
                    Map.of(), Map.of(), Optional.of(new SettingSources.SettingFile("banyan.yaml", block.group(1)))));
            assertThat(reading.problems()).isEmpty();
        }
        assertThat(seen).isPositive();
    }

    @Test
    void every_port_of_the_demo_is_documented_with_its_default() throws Exception {
        String page = Files.readString(ROOT.resolve("docs/getting-started.md"));
        CommandLine demo =
                Objects.requireNonNull(CommandRun.commandLine().getSubcommands().get("demo"));
        for (OptionSpec option : demo.getCommandSpec().options()) {
            if (option.longestName().endsWith("port")) {
                assertThat(page).contains("| %s | `%s` |".formatted(option.defaultValue(), option.longestName()));
            }
        }
    }

    @Test
    void the_page_of_all_commands_is_what_they_say_of_themselves() throws Exception {
        String said = commands();
        if ("write".equals(System.getProperty("banyan.docs"))) {
            Files.writeString(COMMANDS, said);
        }

        assertThat(Files.readString(COMMANDS)).isEqualTo(said);
    }

    @Test
    void every_link_leads_somewhere() throws Exception {
        for (Path page : pages()) {
            Matcher link = LINK.matcher(Files.readString(page));
            while (link.find()) {
                assertThat(page.resolveSibling(link.group(1))).as("in %s", page).exists();
            }
        }
    }

    @Test
    void every_test_that_keeps_a_promise_exists() throws Exception {
        Set<String> tests = tests();
        for (Path page : pages()) {
            Matcher named = TEST.matcher(Files.readString(page));
            while (named.find()) {
                assertThat(tests).as("in %s", page).contains(named.group(1));
            }
        }
    }

    private static Set<String> tests() throws IOException {
        try (Stream<Path> files = Files.walk(Path.of("src/test/java"))) {
            return files.map(file -> file.getFileName().toString())
                    .filter(file -> file.endsWith(".java"))
                    .map(file -> file.substring(0, file.length() - ".java".length()))
                    .collect(Collectors.toSet());
        }
    }

    private static String settings() {
        StringBuilder table =
                new StringBuilder("\n| key | flag | variable | value | default | |\n|---|---|---|---|---|---|\n");
        for (Key<?> key : SettingKeys.all()) {
            table.append("| `%s` | `%s` | `%s` | `%s` | %s | %s |\n"
                    .formatted(
                            key.name(),
                            key.flag(),
                            key.variable(),
                            key.kind().label().replace("|", "\\|"),
                            key.defaultText().isEmpty() ? "none" : "`" + key.defaultText() + "`",
                            key.description()));
        }
        return table.toString();
    }

    private static String commands() {
        StringBuilder page = new StringBuilder("""
                # The commands

                Printed by the commands themselves; a test compares. See [getting-started.md](getting-started.md) for how they find
                the proxy.
                """);
        for (CommandLine command : UsageTest.all(CommandRun.commandLine())) {
            page.append("\n## ")
                    .append(command.getCommandSpec().qualifiedName())
                    .append("\n\n```text\n");
            command.getUsageMessage()
                    .lines()
                    .map(String::stripTrailing)
                    .forEach(line -> page.append(line).append('\n'));
            page.append("```\n");
        }
        return page.toString();
    }

    private static List<Path> pages() throws IOException {
        List<Path> pages = new ArrayList<>(List.of(ROOT.resolve("README.md"), ROOT.resolve("CONTRIBUTING.md")));
        try (Stream<Path> docs = Files.walk(ROOT.resolve("docs"))) {
            // Decisions tell of their time.
            docs.filter(path ->
                            path.toString().endsWith(".md") && !path.toString().contains("/adr/"))
                    .forEach(pages::add);
        }
        return pages;
    }
}
