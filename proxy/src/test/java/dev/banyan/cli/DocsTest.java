package dev.banyan.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;
import picocli.CommandLine.Model.OptionSpec;

/** What the documentation says about commands is so. */
final class DocsTest {
    private static final Path ROOT = Path.of("..");
    private static final Path COMMANDS = ROOT.resolve("docs/commands.md");

    /** In a code block, or inline between backquotes. */
    private static final Pattern COMMAND =
            Pattern.compile("(?m)^(?:\\$ )?\\./banyan +(?<line>[^#|\n]+)|`(?:\\./)?banyan +(?<inline>[^`\n]+)`");

    private static final Pattern FLAG = Pattern.compile("`(--[a-z][a-z-]*)");
    private static final Pattern VARIABLE = Pattern.compile("BANYAN_[A-Z_]+");
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
    void every_setting_of_serve_is_documented_with_its_variable_and_default() throws Exception {
        String page = Files.readString(ROOT.resolve("docs/getting-started.md"));
        CommandLine serve =
                Objects.requireNonNull(CommandRun.commandLine().getSubcommands().get("serve"));
        for (OptionSpec option : serve.getCommandSpec().options()) {
            if (option.defaultValue() != null) {
                assertThat(page)
                        .contains("| `%s` | `%s` | `%s` |"
                                .formatted(
                                        option.longestName(),
                                        EnvironmentDefaults.variable(option.longestName()),
                                        option.defaultValue()));
            }
        }
        Matcher variable = VARIABLE.matcher(page);
        while (variable.find()) {
            assertThat(variable.group())
                    .satisfiesAnyOf(
                            name -> assertThat(serve.getCommandSpec().options())
                                    .anyMatch(option -> EnvironmentDefaults.variable(option.longestName())
                                            .equals(name)),
                            name -> assertThat(name).isIn("BANYAN_ADMIN", "BANYAN_TOKEN_FILE", "BANYAN_JAVA_OPTS"));
        }
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
