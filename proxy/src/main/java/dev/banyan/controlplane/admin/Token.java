package dev.banyan.controlplane.admin;

import java.time.Instant;
import java.util.Optional;

/**
 * A token as it is kept: never its text.
 *
 * @param hash lower-case hex of the SHA-256 of its text
 * @param route the only route that it may change; empty: all
 * @param expires empty: never
 */
record Token(
        String id,
        String name,
        Role role,
        Optional<String> route,
        Instant created,
        Optional<Instant> expires,
        String hash) {

    boolean validAt(Instant now) {
        return expires.isEmpty() || now.isBefore(expires.get());
    }
}
