package dev.banyan.cli;

import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.IDefaultValueProvider;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.OptionSpec;

/**
 * From {@code BANYAN_...} variables where no flag is given: for all commands how the proxy is found, and for {@code serve} where its
 * settings file is; that reads the settings' own variables itself. What a command is asked to do comes from its arguments only.
 */
final class EnvironmentDefaults implements IDefaultValueProvider {
    private static final Set<String> EVERYWHERE = Set.of("--admin", "--admin-ca", "--token-file", "--data");
    private static final Set<String> OF_SERVE = Set.of("--config");

    private final Map<String, String> environment;

    EnvironmentDefaults(Map<String, String> environment) {
        this.environment = environment;
    }

    static String variable(String option) {
        return "BANYAN_" + option.substring(2).replace('-', '_').toUpperCase(Locale.ROOT);
    }

    @Override
    public @Nullable String defaultValue(ArgSpec argument) {
        if (!(argument instanceof OptionSpec option) || !isSetting(option)) {
            return null;
        }
        String value = environment.get(variable(option.longestName()));
        // Set to nothing is how a container leaves a variable out.
        return value == null || value.isEmpty() ? null : value;
    }

    private static boolean isSetting(OptionSpec option) {
        String name = option.longestName();
        if (option.command() != null && option.command().name().equals("serve")) {
            return OF_SERVE.contains(name);
        }
        return EVERYWHERE.contains(name);
    }
}
