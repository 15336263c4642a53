package dev.banyan.controlplane.parity.compare;

import dev.banyan.routing.Route;
import dev.banyan.routing.Route.Shadow;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jsoup.nodes.Document;
import org.jsoup.nodes.Element;
import org.jsoup.select.Evaluator;
import org.jsoup.select.Selector;

/** What a route's file says of how its answers are compared. */
public final class CompareRules {
    private static final Pattern BY_KEY = Pattern.compile("(\\$\\S*) by (\\S+)");

    private final List<Ignored> ignored;
    private final List<Unordered> unordered;
    private final double tolerance;
    private final boolean values;
    private final boolean rails;

    /**
     * Something that is not looked at: a place in JSON, a field of the head, or elements of a page.
     *
     * @param header in lower case; empty: another thing is meant
     * @param attribute of those elements; empty: all of them
     * @param until the last day on which it is not; empty: for good
     */
    private record Ignored(
            Optional<JsonPath> path,
            String header,
            Optional<Evaluator> elements,
            String attribute,
            Optional<LocalDate> until) {
        private static final String HEADER = "header ";
        private static final String ATTRIBUTE = " @";

        static Ignored of(Route.Ignored said) {
            String field = said.field();
            if (field.startsWith("$")) {
                return new Ignored(Optional.of(JsonPath.of(field)), "", Optional.empty(), "", said.until());
            }
            if (field.startsWith(HEADER)) {
                String name = field.substring(HEADER.length()).toLowerCase(Locale.ROOT);
                return new Ignored(Optional.empty(), name, Optional.empty(), "", said.until());
            }
            int at = field.lastIndexOf(ATTRIBUTE);
            String selector = at < 0 ? field : field.substring(0, at);
            String attribute = at < 0 ? "" : field.substring(at + ATTRIBUTE.length());
            return new Ignored(
                    Optional.empty(),
                    "",
                    Optional.of(Selector.evaluatorOf(selector)),
                    attribute.toLowerCase(Locale.ROOT),
                    said.until());
        }

        boolean holdsOn(LocalDate day) {
            return until.isEmpty() || !day.isAfter(until.get());
        }
    }

    /** @param key of its elements; empty: they are told apart as wholes */
    private record Unordered(JsonPath list, String key) {}

    private CompareRules(
            List<Ignored> ignored, List<Unordered> unordered, double tolerance, boolean values, boolean rails) {
        this.ignored = List.copyOf(ignored);
        this.unordered = List.copyOf(unordered);
        this.tolerance = tolerance;
        this.values = values;
        this.rails = rails;
    }

    /** A field in which each side says of which version it is need not be the same. */
    public static CompareRules of(Route route) {
        CompareRules rules = of(route.shadow());
        return route.ramp()
                .flatMap(Route.Ramp::versionHeader)
                .map(header -> rules.ignoring(Ignored.of(Route.Ignored.of("header " + header))))
                .orElse(rules);
    }

    private CompareRules ignoring(Ignored more) {
        List<Ignored> all = new ArrayList<>(ignored);
        all.add(more);
        return new CompareRules(all, unordered, tolerance, values, rails);
    }

    public static CompareRules of(Shadow shadow) {
        return new CompareRules(
                shadow.ignore().stream().map(Ignored::of).toList(),
                shadow.unordered().stream().map(CompareRules::unordered).toList(),
                shadow.tolerance().orElse(0.0),
                shadow.values(),
                shadow.preset() == Shadow.Preset.RAILS);
    }

    private static Unordered unordered(String text) {
        Matcher byKey = BY_KEY.matcher(text);
        return byKey.matches()
                ? new Unordered(JsonPath.of(byKey.group(1)), byKey.group(2))
                : new Unordered(JsonPath.of(text), "");
    }

    boolean ignores(Place place) {
        return !ignored.isEmpty()
                && ignored.stream()
                        .anyMatch(each ->
                                each.path().isPresent() && each.path().get().means(place));
    }

    /** @param header in lower case */
    boolean ignoresHeader(String header) {
        return ignored.stream().anyMatch(each -> each.header().equals(header));
    }

    /** Those of a page that are not looked at. */
    Set<Element> ignoredElements(Document page) {
        Set<Element> elements = Collections.newSetFromMap(new IdentityHashMap<>());
        for (Ignored each : ignored) {
            if (each.elements().isPresent() && each.attribute().isEmpty()) {
                elements.addAll(page.select(each.elements().get()));
            }
        }
        return elements;
    }

    /** @param attribute in lower case */
    boolean ignoresAttribute(Element element, String attribute) {
        for (Ignored each : ignored) {
            if (each.attribute().equals(attribute)
                    && each.elements().isPresent()
                    && element.is(each.elements().get())) {
                return true;
            }
        }
        return false;
    }

    /** Whether what Rails does differently each time, or writes in its own way, is no difference. */
    boolean rails() {
        return rails;
    }

    /** Without what was to be ignored until a day that is over. */
    public CompareRules on(LocalDate day) {
        return ignored.stream().allMatch(each -> each.holdsOn(day))
                ? this
                : new CompareRules(
                        ignored.stream().filter(each -> each.holdsOn(day)).toList(),
                        unordered,
                        tolerance,
                        values,
                        rails);
    }

    /** The key of that list's elements, empty without one; nothing: its order matters. */
    Optional<String> unorderedBy(Place place) {
        return unordered.stream()
                .filter(each -> each.list().means(place))
                .map(Unordered::key)
                .findFirst();
    }

    /** How far two numbers may lie apart. */
    double tolerance() {
        return tolerance;
    }

    /** Whether differences keep what was said, and not only its type. */
    boolean values() {
        return values;
    }
}
