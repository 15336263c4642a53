package dev.banyan.app;

import com.sun.management.UnixOperatingSystemMXBean;
import dev.banyan.settings.Setting;
import dev.banyan.settings.SettingKeys;
import dev.banyan.settings.Settings;
import dev.banyan.yaml.Problem;
import java.lang.management.ManagementFactory;
import java.util.Optional;
import java.util.OptionalLong;

/** How many files this process may open, sockets included, beside how many its settings may take. */
final class Descriptors {
    /** A client's connection and the one to an upstream that its request is at. */
    private static final int OF_A_CONNECTION = 2;

    /** Jars, logs, listeners, the data directory, idle connections to upstreams. */
    private static final int BESIDE = 500;

    private Descriptors() {}

    /** Empty where the system does not tell. The JVM has raised its own limit as far as it may by then. */
    static OptionalLong limit() {
        return ManagementFactory.getOperatingSystemMXBean() instanceof UnixOperatingSystemMXBean system
                ? OptionalLong.of(system.getMaxFileDescriptorCount())
                : OptionalLong.empty();
    }

    /** Empty also where the setting has no value that could be used, which is told already. */
    static Optional<Problem> warning(Settings settings, OptionalLong limit) {
        return settings.find(SettingKeys.CONNECTIONS).flatMap(connections -> warning(connections, limit));
    }

    private static Optional<Problem> warning(Setting<Integer> connections, OptionalLong limit) {
        long needed = (long) connections.value() * OF_A_CONNECTION + BESIDE;
        if (limit.isEmpty() || limit.getAsLong() >= needed) {
            return Optional.empty();
        }
        long fitting = Math.max(1, (limit.getAsLong() - BESIDE) / OF_A_CONNECTION);
        return Optional.of(connections.problem(
                "%d connections may take %d file descriptors, and this process may have %d"
                        .formatted(connections.value(), needed, limit.getAsLong()),
                "let it have more (ulimit -n %d, LimitNOFILE= of systemd), or write limits.connections: %d"
                        .formatted(needed, fitting)));
    }
}
