package dev.banyan.controlplane.admin;

import java.util.Locale;
import java.util.Optional;

/** What a token allows. Each role may do what those before it may. */
enum Role {
    /** Reads. */
    VIEWER,
    /** Changes what lies over the table and can be taken back at once: flags, freezes, ramps, owners; forces sides. */
    OPERATOR,
    /** Changes the table itself (rollback, unpin, apply), and says who else may do what. */
    ADMIN;

    String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    boolean covers(Role wanted) {
        return compareTo(wanted) >= 0;
    }

    static Optional<Role> ofWord(String word) {
        return switch (word) {
            case "viewer" -> Optional.of(VIEWER);
            case "operator" -> Optional.of(OPERATOR);
            case "admin" -> Optional.of(ADMIN);
            default -> Optional.empty();
        };
    }
}
