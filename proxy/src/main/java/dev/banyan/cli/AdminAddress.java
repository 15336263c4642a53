package dev.banyan.cli;

import java.net.URI;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Where a proxy's admin API is, and what opens it.
 *
 * @param origin {@code http://127.0.0.1:9900}: scheme, host and port, no path
 * @param token for {@code Authorization: Bearer}; never printed
 * @param found how it was found, for messages: {@code --admin} or {@code ./data/admin.url}
 * @param authority certificates in PEM to trust for https; empty: those of the system
 */
record AdminAddress(URI origin, String token, String found, Optional<Path> authority) {

    @Override
    public String toString() {
        return "AdminAddress[" + origin + ", found by " + found + "]";
    }
}
