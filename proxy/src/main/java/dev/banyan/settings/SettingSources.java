package dev.banyan.settings;

import java.util.Map;
import java.util.Optional;

/**
 * All that settings are read from. A flag beats a variable, a variable the file, the file the default.
 *
 * @param flags texts by flag, {@code --admin-listen}; several of one flag joined with commas
 * @param environment all variables of the process
 */
public record SettingSources(Map<String, String> flags, Map<String, String> environment, Optional<SettingFile> file) {
    public SettingSources {
        flags = Map.copyOf(flags);
        environment = Map.copyOf(environment);
    }

    /**
     * A settings file.
     *
     * @param name what problems are reported with
     */
    public record SettingFile(String name, String text) {}
}
