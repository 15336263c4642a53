package dev.banyan.cli;

import dev.banyan.settings.TableSource;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * What {@code banyan demo} was told.
 *
 * @param traffic whether to send sample traffic
 * @param bugs by which names the services are to be wrong from the start
 * @param rails a monolith that runs already; empty: start the stub
 */
public record DemoOptions(
        Path data,
        Path routes,
        TableSource source,
        boolean traffic,
        List<String> bugs,
        Optional<URI> rails,
        Ports ports) {

    public DemoOptions {
        bugs = List.copyOf(bugs);
    }

    /** Where each part listens, on loopback. */
    public record Ports(int proxy, int health, int admin, int rails, int accounts, int transactions) {}
}
