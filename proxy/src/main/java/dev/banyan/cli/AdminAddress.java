package dev.banyan.cli;

import java.net.URI;

/**
 * Where a proxy's admin API is, and what opens it.
 *
 * @param origin {@code http://127.0.0.1:9900}: scheme, host and port, no path
 * @param token for {@code Authorization: Bearer}; never printed
 * @param found how it was found, for messages: {@code --admin} or {@code ./data/admin.url}
 */
record AdminAddress(URI origin, String token, String found) {

    @Override
    public String toString() {
        return "AdminAddress[" + origin + ", found by " + found + "]";
    }
}
