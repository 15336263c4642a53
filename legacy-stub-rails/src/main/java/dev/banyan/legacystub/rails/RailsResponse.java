package dev.banyan.legacystub.rails;

import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * What goes onto the wire.
 *
 * @param headers in the order they are sent, without Transfer-Encoding
 * @param body empty where the status or HEAD forbids one
 * @param framing how the end of the body is told
 */
public record RailsResponse(int status, List<Header> headers, Body body, Framing framing) {

    /** The length, where there is one, stands among the headers. */
    public enum Framing {
        CHUNKED,
        LENGTH,
        NONE
    }

    RailsResponse with(Header header) {
        return new RailsResponse(
                status, Stream.concat(headers.stream(), Stream.of(header)).toList(), body, framing);
    }

    public Optional<String> header(String name) {
        return headers.stream()
                .filter(header -> header.name().equalsIgnoreCase(name))
                .map(Header::value)
                .findFirst();
    }
}
