package dev.banyan.cli;

import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/**
 * What {@code banyan serve} was told on its command line.
 *
 * @param flags the settings among it, by flag and as written; several of one flag joined with commas
 * @param config the settings file; empty: banyan.yaml, if there is one
 * @param check only say whether it could start
 */
public record ServeOptions(Map<String, String> flags, Optional<Path> config, boolean check) {
    public ServeOptions {
        flags = Map.copyOf(flags);
    }
}
