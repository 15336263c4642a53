package dev.banyan.routing.keys;

import static dev.banyan.routing.keys.Schema.schema;

import dev.banyan.yaml.Keys;
import dev.banyan.yaml.Section;
import dev.banyan.yaml.Value;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiConsumer;
import java.util.function.Function;
import java.util.stream.Collectors;

/** All keys that stand in one section, and what is made of them. */
public final class KeyTable<R> implements Kind<R> {
    private final Keys names;
    private final String fix;
    private final List<Key<R, ?>> keys;
    private final Function<Given<R>, R> maker;
    private final BiConsumer<R, Section> checks;
    private final Map<String, Object> together;
    private final boolean whole;

    private KeyTable(Builder<R> builder, Function<Given<R>, R> maker) {
        this.keys = List.copyOf(builder.keys);
        this.names = new Keys(builder.owner, keys.stream().map(Key::name).toList(), builder.hints);
        this.fix = builder.fix;
        this.maker = maker;
        this.checks = builder.checks;
        this.together = builder.together;
        this.whole = builder.whole;
    }

    /**
     * @param owner with its article, for messages: {@code a route}
     * @param fix what to write where there is something else than a section
     */
    static <R> Builder<R> of(String owner, String fix) {
        return new Builder<>(owner, fix);
    }

    /** Takes keys, a line each, in the order of the documentation. */
    static final class Builder<R> {
        private final String owner;
        private final String fix;
        private final List<Key<R, ?>> keys = new ArrayList<>();
        private Map<String, String> hints = Map.of();
        private BiConsumer<R, Section> checks = (made, section) -> {};
        private Map<String, Object> together = Map.of();
        private boolean whole;

        private Builder(String owner, String fix) {
            this.owner = owner;
            this.fix = fix;
        }

        /** One with a default. */
        <T> Key<R, T> key(String name, Kind<T> kind, Function<R, T> of, T usual, String example, String described) {
            return add(new Key<>(name, kind, of, usual, null, example, described));
        }

        /** One that holds nothing where nobody says anything. */
        <T> Key<R, Optional<T>> maybe(
                String name, Kind<T> kind, Function<R, Optional<T>> of, String example, String described) {
            return key(name, Maybe.orNothing(kind), of, Optional.empty(), example, described);
        }

        /** One whose default follows from other keys. */
        <T> Key<R, T> derived(
                String name, Kind<T> kind, Function<R, T> of, Function<R, T> from, String example, String described) {
            return add(new Key<>(name, kind, of, null, from, example, described));
        }

        <T> Key<R, T> required(String name, Kind<T> kind, Function<R, T> of, String example, String described) {
            return add(new Key<>(name, kind, of, null, null, example, described));
        }

        private <T> Key<R, T> add(Key<R, T> key) {
            keys.add(key);
            return key;
        }

        /** What to write instead of keys that other proxies have, or that there once were. */
        Builder<R> hints(Map<String, String> instead) {
            this.hints = instead;
            return this;
        }

        /** What the keys say together. */
        Builder<R> checkedBy(BiConsumer<R, Section> check) {
            this.checks = check;
            return this;
        }

        /** What a schema can say of the keys together. */
        Builder<R> schema(Map<String, Object> more) {
            this.together = more;
            return this;
        }

        /** For what most have none of: its defaults stand in no list of defaults, so where it is, it is said in full. */
        Builder<R> saidInFull() {
            this.whole = true;
            return this;
        }

        KeyTable<R> madeBy(Function<Given<R>, R> maker) {
            return new KeyTable<>(this, maker);
        }
    }

    /** Their names, for who looks at a section first. */
    public Keys names() {
        return names;
    }

    public List<Key<R, ?>> keys() {
        return keys;
    }

    /** Defaults stand where the section has mistakes, which were told. */
    public R read(String id, Section section) {
        R made = maker.apply(new Given<>(id, section));
        checks.accept(made, section);
        return made;
    }

    @Override
    public Optional<R> read(Value value) {
        return value.section(names, fix).map(section -> read("", section));
    }

    /** Writes what is not as usual, or all. */
    public void write(R value, YamlBlock block) {
        keys.forEach(key -> key.write(value, block, whole));
    }

    @Override
    public void write(YamlBlock block, String key, R value) {
        block.block(key, inner -> write(value, inner));
    }

    /** Writes the defaults of all keys that have some. */
    public void writeUsual(YamlBlock block) {
        keys.forEach(key -> key.writeUsual(block));
    }

    @Override
    public String text(R value) {
        List<String> said = keys.stream()
                .flatMap(key -> key.inOneLine(value, whole).stream())
                .toList();
        return said.isEmpty() ? "{}" : "{ " + String.join(", ", said) + " }";
    }

    @Override
    public Map<String, Object> data(R value) {
        Map<String, Object> data = new LinkedHashMap<>();
        keys.forEach(key -> key.put(value, data));
        return data;
    }

    /** Tells what is different, by key. */
    public void differ(R before, R after, Differences told) {
        if (!before.equals(after)) {
            // Of thousands of routes a change touches few.
            keys.forEach(key -> key.differ("", before, after, told));
        }
    }

    @Override
    public void differ(String key, R before, R after, Differences told) {
        keys.forEach(each -> each.differ(key + ".", before, after, told));
    }

    @Override
    public Description described() {
        Map<String, Object> schemas = new LinkedHashMap<>();
        Map<String, Object> api = new LinkedHashMap<>();
        for (Key<R, ?> key : keys) {
            schemas.put(key.name(), of(key));
            api.put(key.member(), key.kind().described().api());
        }
        Map<String, Object> schema = new LinkedHashMap<>();
        schema.put("type", "object");
        schema.put("properties", schemas);
        schema.put("additionalProperties", false);
        schema.putAll(together);
        return new Description(
                keys.stream().map(Key::name).collect(Collectors.joining(", ", "{ ", " }")),
                schema,
                schema("type", "object", "unevaluatedProperties", false, "properties", api));
    }

    private static Map<String, Object> of(Key<?, ?> key) {
        Map<String, Object> schema =
                Schema.described(key.described(), key.kind().described().schema());
        String usual = key.usualText();
        if (usual != null && !(key.kind() instanceof KeyTable)) {
            schema.put("default", usual);
        }
        return schema;
    }
}
