package dev.banyan.routing;

import java.util.Locale;

/** The words that files, the API and messages have for the constants of the table: {@code least-requests}. */
public final class Words {
    private Words() {}

    public static String of(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
