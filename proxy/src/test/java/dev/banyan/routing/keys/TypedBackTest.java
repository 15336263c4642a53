package dev.banyan.routing.keys;

import static org.assertj.core.api.Assertions.assertThat;

import dev.banyan.routing.BaseTable;
import dev.banyan.routing.Route;
import dev.banyan.routing.Routes;
import dev.banyan.routing.Upstream;
import dev.banyan.routing.file.Tables;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Stream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

/** Whatever is told of a change can be typed into a file, and makes the same change there. */
class TypedBackTest {
    private static final int TABLES = 80;
    private static final List<String> ADDRESS = List.of("url", "endpoints", "dns");

    @Property(tries = 150)
    void two_routes(@ForAll long seed, @ForAll long other) {
        List<Route> before = routes(seed).toList();
        List<Route> after = routes(other).toList();
        for (int i = 0; i < Math.min(before.size(), after.size()); i++) {
            isTypedBack(RouteKeys.TABLE, "any", named(before.get(i)), named(after.get(i)));
        }
    }

    @Property(tries = 150)
    void two_upstreams(@ForAll long seed, @ForAll long other) {
        List<Upstream> before = upstreams(seed).toList();
        List<Upstream> after = upstreams(other).toList();
        for (int i = 0; i < Math.min(before.size(), after.size()); i++) {
            isTypedBack(UpstreamKeys.TABLE, "any", named(before.get(i)), named(after.get(i)));
        }
    }

    @Test
    void each_key_by_itself() {
        assertThat(changedAlone(RouteKeys.TABLE, TypedBackTest::routes, TypedBackTest::named))
                .containsAll(names("", RouteKeys.TABLE));
        assertThat(changedAlone(UpstreamKeys.TABLE, TypedBackTest::upstreams, TypedBackTest::named))
                .containsAll(names("", UpstreamKeys.TABLE));
    }

    /** The keys that were, one at a time, given the value of another. */
    private static <R> Set<String> changedAlone(
            KeyTable<R> table, Function<Long, Stream<R>> all, Function<R, R> named) {
        Set<String> changed = new TreeSet<>();
        for (long seed = 0; seed < TABLES; seed++) {
            List<R> some = all.apply(seed).toList();
            List<R> others = all.apply(seed + TABLES).toList();
            for (int i = 0; i < Math.min(some.size(), others.size()); i++) {
                R before = named.apply(some.get(i));
                R other = named.apply(others.get(i));
                for (Key<R, ?> key : table.keys()) {
                    Map<String, Object> keys = said(table, before);
                    if (ADDRESS.contains(key.name())) {
                        // One of them, and only one, must be there.
                        keys.keySet().removeAll(ADDRESS);
                        ADDRESS.forEach(name -> put(keys, name, shown(key(table, name), other)));
                    }
                    put(keys, key.name(), shown(key, other));
                    isTypedBack(table, "any", before, read(table, "any", keys)).forEach(changed::add);
                }
            }
        }
        return changed;
    }

    private static <R, T> Optional<String> shown(Key<R, T> key, R owner) {
        T value = key.of().apply(owner);
        return key.kind().isThere(value) ? Optional.of(key.kind().text(value)) : Optional.empty();
    }

    /** The keys that were told of. */
    private static <R> List<String> isTypedBack(KeyTable<R> table, String id, R before, R after) {
        Map<String, Object> keys = said(table, before);
        List<String> lines = new ArrayList<>();
        List<String> changed = new ArrayList<>();
        table.differ(before, after, (key, how) -> {
            lines.add(key + " " + how);
            changed.add(key);
            type(table, keys, key, how);
        });

        assertThat(read(table, id, keys))
                .as(() -> table.text(before) + "\n" + String.join("\n", lines))
                .isEqualTo(after);
        assertThat(lines.isEmpty()).isEqualTo(before.equals(after));
        return changed;
    }

    /** Every key that is there, defaults too. */
    private static <R> Map<String, Object> said(KeyTable<R> table, R value) {
        Map<String, Object> keys = new LinkedHashMap<>();
        table.keys().forEach(key -> shown(key, value).ifPresent(text -> keys.put(key.name(), yaml(text))));
        return keys;
    }

    private static void type(KeyTable<?> table, Map<String, Object> keys, String key, String how) {
        if (how.contains(" -> ") && !how.startsWith("with")) {
            String after = how.substring(how.indexOf(" -> ") + 4);
            put(keys, key, after.equals("none") ? Optional.empty() : Optional.of(after));
        } else if (how.startsWith("with ")) {
            list(table, keys, key).add(yaml(how.substring("with ".length())));
        } else {
            assertThat(list(table, keys, key).remove(yaml(how.substring("without ".length()))))
                    .as(how)
                    .isTrue();
        }
    }

    @SuppressWarnings("unchecked")
    private static List<Object> list(KeyTable<?> table, Map<String, Object> keys, String key) {
        Map<String, Object> holder = holder(keys, key);
        String leaf = key.substring(key.lastIndexOf('.') + 1);
        Object list = holder.computeIfAbsent(leaf, name -> yaml(usual(table, key)));
        List<Object> changeable = new ArrayList<>((List<Object>) list);
        holder.put(leaf, changeable);
        return changeable;
    }

    private static void put(Map<String, Object> keys, String key, Optional<String> value) {
        String leaf = key.substring(key.lastIndexOf('.') + 1);
        if (value.isPresent()) {
            holder(keys, key).put(leaf, yaml(value.get()));
        } else {
            holder(keys, key).remove(leaf);
        }
    }

    @SuppressWarnings("unchecked")
    private static Map<String, Object> holder(Map<String, Object> keys, String key) {
        int dot = key.indexOf('.');
        if (dot < 0) {
            return keys;
        }
        String first = key.substring(0, dot);
        Object inner = keys.get(first);
        Map<String, Object> changeable =
                inner == null ? new LinkedHashMap<>() : new LinkedHashMap<>((Map<String, Object>) inner);
        keys.put(first, changeable);
        return holder(changeable, key.substring(dot + 1));
    }

    private static <R> Key<R, ?> key(KeyTable<R> table, String name) {
        for (Key<R, ?> key : table.keys()) {
            if (key.name().equals(name)) {
                return key;
            }
        }
        throw new AssertionError(name);
    }

    private static String usual(KeyTable<?> table, String name) {
        int dot = name.indexOf('.');
        String first = dot < 0 ? name : name.substring(0, dot);
        Key<?, ?> key = key(table, first);
        return dot < 0
                ? Objects.requireNonNull(key.usualText())
                : usual(Objects.requireNonNull(KeyDocumentsTest.inner(key.kind())), name.substring(dot + 1));
    }

    private static List<String> names(String prefix, KeyTable<?> table) {
        List<String> names = new ArrayList<>();
        for (Key<?, ?> key : table.keys()) {
            KeyTable<?> inner = KeyDocumentsTest.inner(key.kind());
            if (inner == null) {
                names.add(prefix + key.name());
            } else {
                names.addAll(names(prefix + key.name() + ".", inner));
            }
        }
        return names;
    }

    private static Object yaml(String text) {
        return KeyDocumentsTest.data(text);
    }

    private static <R> R read(KeyTable<R> table, String id, Map<String, Object> keys) {
        return Routes.read(table, id, KeyDocumentsTest.inOneLine(keys));
    }

    private static Stream<Route> routes(long seed) {
        BaseTable table = Tables.ofSeed(seed);
        return table.routes().values().stream();
    }

    private static Stream<Upstream> upstreams(long seed) {
        return Tables.ofSeed(seed).upstreams().values().stream();
    }

    private static Route named(Route route) {
        return read(RouteKeys.TABLE, "any", said(RouteKeys.TABLE, route));
    }

    private static Upstream named(Upstream upstream) {
        return read(UpstreamKeys.TABLE, "any", said(UpstreamKeys.TABLE, upstream));
    }
}
