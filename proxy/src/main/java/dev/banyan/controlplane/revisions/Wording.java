package dev.banyan.controlplane.revisions;

import dev.banyan.routing.RequestMatch;
import java.lang.reflect.RecordComponent;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;

/** Values of the table as files write them, as far as one line can. */
final class Wording {
    private Wording() {}

    static String of(Object value) {
        if (value instanceof Optional<?> optional) {
            return optional.map(Wording::of).orElse("none");
        }
        if (value instanceof Duration duration) {
            return duration(duration);
        }
        if (value instanceof Enum<?> constant) {
            return constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
        }
        if (value instanceof Collection<?> many) {
            return many.stream().map(Wording::of).collect(Collectors.joining(", ", "[", "]"));
        }
        if (value instanceof RequestMatch match) {
            return match(match);
        }
        if (value instanceof Record record && !Fields.writesItself(record)) {
            return Fields.of(record).stream()
                    .map(field -> field.name() + " " + of(field.value()))
                    .collect(Collectors.joining(", "));
        }
        return value.toString();
    }

    /** The largest unit that leaves no rest. */
    private static String duration(Duration duration) {
        long millis = duration.toMillis();
        if (millis % 60_000 == 0 && millis != 0) {
            return millis / 60_000 + "m";
        }
        return millis % 1000 == 0 ? millis / 1000 + "s" : millis + "ms";
    }

    private static String match(RequestMatch match) {
        List<String> words = new ArrayList<>();
        if (!match.methods().isEmpty()) {
            words.add(String.join(",", match.methods()));
        }
        words.add(match.path().toString());
        match.host().ifPresent(host -> words.add("host " + host));
        match.headers().forEach(condition -> words.add("header " + condition(condition)));
        match.query().forEach(condition -> words.add("query " + condition(condition)));
        return String.join(" ", words);
    }

    private static String condition(RequestMatch.Condition condition) {
        return condition.name() + condition.value().map(value -> "=" + value).orElse("");
    }

    /** {@code queueTimeout} as {@code queue-timeout}. */
    static String kebab(String name) {
        return name.replaceAll("([a-z])([A-Z])", "$1-$2").toLowerCase(Locale.ROOT);
    }

    /** The parts of a record, by the names that files use. */
    record Fields(String name, Object value) {

        static List<Fields> of(Record record) {
            List<Fields> fields = new ArrayList<>();
            for (RecordComponent component : record.getClass().getRecordComponents()) {
                try {
                    fields.add(new Fields(
                            kebab(component.getName()), component.getAccessor().invoke(record)));
                } catch (ReflectiveOperationException e) {
                    throw new IllegalStateException(record.getClass() + " is not public", e);
                }
            }
            return fields;
        }

        /** Such as a share, an endpoint, a path: what they say of themselves is what files say. */
        static boolean writesItself(Record record) {
            try {
                return record.getClass().getMethod("toString").getDeclaringClass() == record.getClass()
                        && !record.toString().startsWith(record.getClass().getSimpleName() + "[");
            } catch (NoSuchMethodException e) {
                throw new IllegalStateException("everything has toString", e);
            }
        }
    }
}
