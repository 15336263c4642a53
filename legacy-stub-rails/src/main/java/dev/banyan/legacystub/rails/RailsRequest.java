package dev.banyan.legacystub.rails;

import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * A request as it came off the wire.
 *
 * @param target path and query, still encoded
 */
public record RailsRequest(String method, String target, List<Header> headers, Body body) {

    public RailsRequest withMethod(String other) {
        return new RailsRequest(other, target, headers, body);
    }

    /** The path as it was written, without the query. */
    public String path() {
        int query = target.indexOf('?');
        return query < 0 ? target : target.substring(0, query);
    }

    public String query() {
        int query = target.indexOf('?');
        return query < 0 ? "" : target.substring(query + 1);
    }

    /**
     * The value of a header; several lines of one name are joined with a comma, as puma does, even for Cookie, which
     * that breaks.
     */
    public @Nullable String header(String name) {
        List<String> values = headers.stream()
                .filter(header -> header.name().equalsIgnoreCase(name))
                .map(Header::value)
                .toList();
        return values.isEmpty() ? null : values.stream().collect(Collectors.joining(", "));
    }

    /** The type of the body without its parameters, lower case; empty if the client named none. */
    public String mediaType() {
        String type = header("Content-Type");
        return type == null ? "" : MediaTypes.bare(type);
    }
}
