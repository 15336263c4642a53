package dev.banyan.controlplane.admin.tokens;

import java.time.Instant;
import java.util.NavigableSet;
import java.util.Optional;

/**
 * A token as it is kept: never its text.
 *
 * @param hash lower-case hex of the SHA-256 of its text
 * @param routes the only routes that it may change; empty: it is bound to none, and may change all and what is not of one route
 * @param expires empty: never
 */
public record Token(
        String id,
        String name,
        Role role,
        NavigableSet<String> routes,
        Instant created,
        Optional<Instant> expires,
        String hash) {

    public boolean isBound() {
        return !routes.isEmpty();
    }

    public boolean mayChange(String route) {
        return !isBound() || routes.contains(route);
    }

    public boolean validAt(Instant now) {
        return expires.isEmpty() || now.isBefore(expires.get());
    }
}
