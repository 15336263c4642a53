package dev.banyan.legacystub.rails;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A path as Journey, the router of Rails, sees it: doubled and trailing slashes do not count, a suffix of the last
 * segment may be a format, and nothing is decoded before a route is found.
 *
 * @param segments the last one without its suffix
 * @param format the suffix, such as {@code json}; null if there is none
 */
public record RailsPath(List<String> segments, @Nullable String format) {

    public static RailsPath of(String path) {
        List<String> segments = List.of(path.split("/+")).stream()
                .filter(segment -> !segment.isEmpty())
                .toList();
        if (segments.isEmpty()) {
            return new RailsPath(segments, null);
        }
        int end = segments.size() - 1;
        String last = segments.get(end);
        int dot = last.lastIndexOf('.');
        if (dot <= 0 || dot == last.length() - 1) {
            return new RailsPath(segments, null);
        }
        List<String> bare = new ArrayList<>(segments.subList(0, end));
        bare.add(last.substring(0, dot));
        return new RailsPath(List.copyOf(bare), last.substring(dot + 1));
    }
}
