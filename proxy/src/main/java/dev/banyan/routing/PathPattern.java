package dev.banyan.routing;

import java.util.List;

/**
 * A path as a match writes it: {@code /api/transactions/{id}}, {@code /assets/**}.
 *
 * @param segments literals (decoded as far as {@code NormalPath} decodes) and names, in order; none for {@code /}
 * @param rest whether {@code /**} ends it: any number of further segments, none included
 */
public record PathPattern(List<Segment> segments, boolean rest) {
    public PathPattern {
        segments = List.copyOf(segments);
    }

    public sealed interface Segment {}

    public record Literal(String text) implements Segment {}

    /** Exactly one non-empty segment. */
    public record Named(String name) implements Segment {}

    /** As files write it. */
    @Override
    public String toString() {
        StringBuilder text = new StringBuilder();
        for (Segment segment : segments) {
            text.append('/');
            if (segment instanceof Literal literal) {
                text.append(literal.text());
            } else if (segment instanceof Named named) {
                text.append('{').append(named.name()).append('}');
            }
        }
        if (rest) {
            text.append("/**");
        }
        return text.isEmpty() ? "/" : text.toString();
    }
}
