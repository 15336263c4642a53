package dev.banyan.routing.decide;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What the format suffixes of Rails' paths ask for: the types that Rails registers them with. */
final class FormatSuffix {
    private static final Map<String, String> MEDIA_TYPES = Map.ofEntries(
            Map.entry("json", "application/json"),
            Map.entry("xml", "application/xml"),
            Map.entry("html", "text/html"),
            Map.entry("txt", "text/plain"),
            Map.entry("text", "text/plain"),
            Map.entry("js", "text/javascript"),
            Map.entry("css", "text/css"),
            Map.entry("csv", "text/csv"),
            Map.entry("ics", "text/calendar"),
            Map.entry("vcf", "text/vcard"),
            Map.entry("rss", "application/rss+xml"),
            Map.entry("atom", "application/atom+xml"),
            Map.entry("yaml", "application/x-yaml"),
            Map.entry("yml", "application/x-yaml"),
            Map.entry("pdf", "application/pdf"),
            Map.entry("zip", "application/zip"),
            Map.entry("gz", "application/gzip"),
            Map.entry("png", "image/png"),
            Map.entry("jpg", "image/jpeg"),
            Map.entry("jpeg", "image/jpeg"),
            Map.entry("gif", "image/gif"),
            Map.entry("svg", "image/svg+xml"));

    private FormatSuffix() {}

    /** Null for one that we do not know: Accept is then left alone. */
    static @Nullable String mediaType(String suffix) {
        return MEDIA_TYPES.get(suffix);
    }
}
