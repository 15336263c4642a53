package dev.banyan.routing;

import java.util.Optional;

/** Which of the two answers: the monolith or the service extracted from it. */
public enum Side {
    LEGACY,
    MODERN;

    private final String word = Words.of(this);

    /** The word in files, headers, metrics and messages: {@code legacy} or {@code modern}. */
    public String word() {
        return word;
    }

    public Side other() {
        return this == LEGACY ? MODERN : LEGACY;
    }

    public static Optional<Side> ofWord(String word) {
        return switch (word) {
            case "legacy" -> Optional.of(LEGACY);
            case "modern" -> Optional.of(MODERN);
            default -> Optional.empty();
        };
    }
}
