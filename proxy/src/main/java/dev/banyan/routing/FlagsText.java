package dev.banyan.routing;

import java.util.Optional;
import java.util.function.Function;

/** Flags as one text, a line each: what digests and entity tags are made of. */
public final class FlagsText {
    private FlagsText() {}

    /** Of all routes. */
    public static String of(Flags flags) {
        StringBuilder text = new StringBuilder();
        add("freeze", flags.freeze(), FlagsText::writes, text);
        flags.routes().forEach((id, route) -> text.append(id).append(":\n").append(of(route)));
        return text.toString();
    }

    /** Of one route. */
    public static String of(RouteFlags flags) {
        StringBuilder text = new StringBuilder();
        add("canary", flags.canary(), Share::toString, text);
        add("shadow", flags.shadow(), Share::toString, text);
        flags.owner()
                .ifPresent(owner -> text.append("owner ").append(owner.word()).append('\n'));
        add("freeze", flags.freeze(), FlagsText::writes, text);
        flags.known().values().forEach(flag -> add("known", Optional.of(flag), FlagsText::known, text));
        return text.toString();
    }

    private static String known(KnownDifference known) {
        return QuotedText.always(known.field()) + " of " + QuotedText.always(known.owner()) + " until " + known.until();
    }

    private static String writes(Freeze freeze) {
        return freeze.withWrites() ? "with writes" : "without writes";
    }

    private static <T> void add(String what, Optional<Flag<T>> flag, Function<T, String> writer, StringBuilder text) {
        flag.ifPresent(set -> text.append(what)
                .append(' ')
                .append(writer.apply(set.value()))
                .append(" by ")
                .append(QuotedText.always(set.author()))
                .append(" since ")
                .append(set.since())
                .append(": ")
                .append(QuotedText.always(set.reason()))
                .append('\n'));
    }
}
