package dev.banyan.settings;

import dev.banyan.yaml.Problem;
import dev.banyan.yaml.Problems;
import dev.banyan.yaml.Value;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The settings in force, each with where it comes from. */
public final class Settings {
    private final Map<Key<?>, Setting<?>> byKey;

    private Settings(Map<Key<?>, Setting<?>> byKey) {
        this.byKey = byKey;
    }

    /**
     * What came of reading: all that is right, and all that is wrong.
     *
     * @param settings lacks each key of which {@code problems} tell
     * @param warnings never stop a start
     */
    public record Reading(Settings settings, List<Problem> problems, List<Problem> warnings) {}

    /** Reads all sources, also what a stronger one hides: a mistake is one wherever it stands. Never throws, whatever the texts. */
    public static Reading read(SettingSources sources) {
        Problems elsewhere = new Problems("");
        List<Problem> problems = new ArrayList<>();
        Map<Key<?>, Value> inFile = Map.of();
        Optional<Problems> ofFile = sources.file().map(file -> new Problems(file.name()));
        if (sources.file().isPresent() && ofFile.isPresent()) {
            inFile = SettingFileReader.read(sources.file().get().text(), ofFile.get());
        }
        Map<Key<?>, Setting<?>> byKey = new LinkedHashMap<>();
        for (Key<?> key : SettingKeys.all()) {
            setting(key, sources, inFile, elsewhere).ifPresent(setting -> byKey.put(key, setting));
        }
        problems.addAll(elsewhere.errors());
        ofFile.ifPresent(found -> problems.addAll(inOrder(found.errors())));
        return new Reading(new Settings(byKey), List.copyOf(problems), Misspelt.in(sources.environment()));
    }

    private static List<Problem> inOrder(List<Problem> ofOneFile) {
        return ofOneFile.stream()
                .sorted(Comparator.comparingInt(Problem::line).thenComparingInt(Problem::column))
                .toList();
    }

    private record Given(Value value, Source source) {}

    private static <T> Optional<Setting<T>> setting(
            Key<T> key, SettingSources sources, Map<Key<?>, Value> inFile, Problems elsewhere) {
        List<Given> given = new ArrayList<>();
        Optional.ofNullable(sources.flags().get(key.flag()))
                .ifPresent(text -> given.add(
                        new Given(Value.elsewhere(elsewhere, key.flag(), text), new Source.Flag(key.flag()))));
        // Set to nothing is how a container leaves a variable out.
        Optional.ofNullable(sources.environment().get(key.variable()))
                .filter(text -> !text.isEmpty())
                .ifPresent(text -> given.add(new Given(
                        Value.elsewhere(elsewhere, key.variable(), text), new Source.Environment(key.variable()))));
        Optional.ofNullable(inFile.get(key))
                .ifPresent(value -> given.add(new Given(value, new Source.InFile(value.at()))));
        List<Optional<Setting<T>>> read = given.stream()
                .map(one -> key.kind().read(one.value()).map(value -> new Setting<>(key, value, one.source())))
                .toList();
        return read.isEmpty() ? Optional.of(key.byDefault()) : read.get(0);
    }

    /**
     * The value in force.
     *
     * @throws IllegalStateException for one that was told as a problem
     */
    public <T> T get(Key<T> key) {
        return setting(key).value();
    }

    /**
     * The value in force and its source.
     *
     * @throws IllegalStateException for one that was told as a problem
     */
    public <T> Setting<T> setting(Key<T> key) {
        return find(key).orElseThrow(() -> new IllegalStateException(key.name() + " has no value that could be used"));
    }

    /** Empty for one that was told as a problem. */
    public <T> Optional<Setting<T>> find(Key<T> key) {
        @SuppressWarnings("unchecked") // put there under its own key only
        Setting<T> setting = (Setting<T>) byKey.get(key);
        return Optional.ofNullable(setting);
    }

    /** In the order of the table. */
    public List<Setting<?>> all() {
        return List.copyOf(byKey.values());
    }
}
