package dev.banyan.dataplane.mirror;

import java.util.Collection;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Queries that carry what may be used once, or by one person: a copy would use it up, or leave it in a second server's log. */
public final class SecretQueries {
    /** Parts of the names of parameters. */
    public static final Set<String> USUAL = Set.of("token", "code", "key", "state", "signature", "otp", "password");

    private static final Pattern PAIRS = Pattern.compile("[&;]");

    private final Set<String> words;

    public SecretQueries(Collection<String> words) {
        this.words = words.stream().map(word -> word.toLowerCase(Locale.ROOT)).collect(Collectors.toUnmodifiableSet());
    }

    /** Whether any name has one of the words: {@code reset_password_token=...}. A name that is encoded is taken for one. */
    boolean are(@Nullable String query) {
        if (query == null || query.isEmpty()) {
            return false;
        }
        for (String pair : PAIRS.split(query, -1)) {
            int end = pair.indexOf('=');
            String name = (end < 0 ? pair : pair.substring(0, end)).toLowerCase(Locale.ROOT);
            boolean encoded = name.replace("%5b", "").replace("%5d", "").indexOf('%') >= 0;
            if (encoded || words.stream().anyMatch(name::contains)) {
                return true;
            }
        }
        return false;
    }
}
