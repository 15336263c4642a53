package dev.banyan.controlplane.admin.tokens;

import dev.banyan.routing.Words;
import java.util.Optional;

/** What a token allows. Each role may do what those before it may. */
public enum Role {
    /** Reads. */
    VIEWER,
    /** Changes what lies over the table and can be taken back at once: flags, freezes, ramps, owners; forces sides. */
    OPERATOR,
    /** Changes the table itself (rollback, unpin, apply), and says who else may do what. */
    ADMIN;

    public String word() {
        return Words.of(this);
    }

    public boolean covers(Role wanted) {
        return compareTo(wanted) >= 0;
    }

    public static Optional<Role> ofWord(String word) {
        return switch (word) {
            case "viewer" -> Optional.of(VIEWER);
            case "operator" -> Optional.of(OPERATOR);
            case "admin" -> Optional.of(ADMIN);
            default -> Optional.empty();
        };
    }
}
