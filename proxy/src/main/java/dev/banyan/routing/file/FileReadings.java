package dev.banyan.routing.file;

import java.lang.ref.SoftReference;
import java.util.HashMap;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What files were read as when they were last taken, so that a save of one among many is the reading of one. Given up when memory is
 * short; then all are read again. For one thread.
 */
public final class FileReadings {
    private Map<String, Kept> kept = new HashMap<>();

    private record Kept(String text, SoftReference<FileContent> content) {}

    /** As they are in force: none of the rules that came later. Read several at once, where they have to be. */
    SortedMap<String, FileContent> accepted(SortedMap<String, String> files) {
        SortedMap<String, FileContent> contents = new TreeMap<>();
        files.forEach((file, text) -> {
            FileContent known = known(file, text);
            if (known != null) {
                contents.put(file, known);
            }
        });
        files.entrySet().parallelStream()
                .filter(file -> !contents.containsKey(file.getKey()))
                .map(file -> FileReader.readAccepted(file.getKey(), file.getValue()))
                .toList()
                .forEach(content -> contents.put(content.file(), content));
        return contents;
    }

    private @Nullable FileContent known(String file, String text) {
        Kept of = kept.get(file);
        return of != null && of.text().equals(text) ? of.content().get() : null;
    }

    /** Keeps these, and no others. */
    void keep(Map<String, String> texts, Map<String, FileContent> contents) {
        Map<String, Kept> next = new HashMap<>();
        texts.forEach((file, text) -> {
            FileContent content = contents.get(file);
            if (content != null) {
                next.put(file, new Kept(text, new SoftReference<>(content)));
            }
        });
        kept = next;
    }
}
