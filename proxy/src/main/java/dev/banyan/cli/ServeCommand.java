package dev.banyan.cli;

import dev.banyan.settings.Key;
import dev.banyan.settings.SettingKeys;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.ArgGroupSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.Spec;

/** Its options are the keys of {@link SettingKeys}, taken as texts: they are read with the other sources, all problems at once. */
@Command(
        name = "serve",
        description = "Runs the proxy until it gets SIGTERM or SIGINT.",
        customSynopsis = "banyan serve [--config=FILE] [--check] [SETTING...]",
        footerHeading = "%n",
        footer = {
            "Every setting is also a variable, --admin-listen is $BANYAN_ADMIN_LISTEN, and a key of the settings file,",
            "admin: { listen: HOST:PORT }. A flag beats the variable, and that the file. Lists take commas.",
            "",
            "Example:",
            "  banyan serve --listen 0.0.0.0:8080 --routes /etc/banyan/routes --data /var/lib/banyan",
            "  banyan serve --config /etc/banyan/banyan.yaml --check"
        })
final class ServeCommand implements Callable<Integer> {
    private final Server<ServeOptions> proxy;

    @Spec
    private CommandSpec spec;

    @Option(
            names = "--config",
            paramLabel = "FILE",
            description = "The settings file (default: banyan.yaml, if there is one). Also $BANYAN_CONFIG.")
    private @Nullable Path config;

    @Option(names = "--check", description = "Say whether it could start with these settings, and end.")
    private boolean check;

    private ServeCommand(Server<ServeOptions> proxy) {
        this.proxy = proxy;
    }

    static CommandLine commandLine(Server<ServeOptions> proxy) {
        CommandSpec spec = CommandSpec.forAnnotatedObject(new ServeCommand(proxy));
        Map<String, ArgGroupSpec.Builder> sections = new LinkedHashMap<>();
        for (Key<?> key : SettingKeys.all()) {
            sections.computeIfAbsent(key.section(), ServeCommand::section).addArg(option(key));
        }
        spec.usageMessage().sortOptions(false);
        sections.values().forEach(section -> spec.addArgGroup(section.build()));
        return new CommandLine(spec);
    }

    /** Groups are for the eye only. */
    private static ArgGroupSpec.Builder section(String name) {
        return ArgGroupSpec.builder()
                .validate(false)
                .heading(name.isEmpty() ? "%nSettings:%n" : "%nSettings of " + name + ":%n");
    }

    private static OptionSpec option(Key<?> key) {
        String standard = key.defaultText().isEmpty() ? "" : " (default: " + key.defaultText() + ")";
        OptionSpec.Builder option = OptionSpec.builder(key.flag())
                .paramLabel(key.kind().label())
                .description(key.description().replaceFirst("\\.$", "") + standard + ".");
        if (key.kind().isList()) {
            return option.type(List.class).auxiliaryTypes(String.class).build();
        }
        if (key.kind().isYesNo()) {
            option.arity("0..1").fallbackValue("true");
        }
        return option.type(String.class).build();
    }

    @Override
    public Integer call() throws Exception {
        return proxy.run(
                new ServeOptions(flags(spec.commandLine().getParseResult()), Optional.ofNullable(config), check));
    }

    private static Map<String, String> flags(ParseResult given) {
        Map<String, String> flags = new LinkedHashMap<>();
        for (Key<?> key : SettingKeys.all()) {
            if (given.hasMatchedOption(key.flag())) {
                Object value = given.matchedOptionValue(key.flag(), "");
                flags.put(key.flag(), value instanceof List<?> list ? joined(list) : String.valueOf(value));
            }
        }
        return flags;
    }

    private static String joined(List<?> texts) {
        return String.join(",", texts.stream().map(String::valueOf).toList());
    }
}
