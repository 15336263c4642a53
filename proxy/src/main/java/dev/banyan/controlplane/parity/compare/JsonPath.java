package dev.banyan.controlplane.parity.compare;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A pattern of places in JSON as {@code ignore} and {@code unordered} write it: names, indices and wildcards, and {@code ..} for any
 * depth. No filters, which could cost anything.
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc9535#section-1.4.2">RFC 9535, JSONPath</a>
 */
final class JsonPath {
    private static final Pattern STEP = Pattern.compile(
            "(\\.\\.)([\\p{L}_][\\p{L}\\p{N}_-]*)|\\.([\\p{L}_][\\p{L}\\p{N}_-]*)|(\\.\\*)|\\[(\\*)]|\\[([0-9]{1,9})]|\\['([^'\\[\\]]+)']");

    private final List<Step> steps;

    /**
     * One step down.
     *
     * @param name of a member; empty: any, or none is meant
     * @param index of an element; {@link #ANY}: any; {@link #NONE}: none is meant
     * @param deep it may lie at any depth
     */
    private record Step(String name, int index, boolean deep) {
        private static final int ANY = -1;
        private static final int NONE = -2;

        boolean fits(Place.Down down) {
            if (down.isElement()) {
                return index == ANY || index == down.index();
            }
            return index == NONE && (name.isEmpty() || name.equals(down.name()));
        }
    }

    private JsonPath(List<Step> steps) {
        this.steps = List.copyOf(steps);
    }

    /** @throws IllegalArgumentException it is no such path */
    static JsonPath of(String text) {
        List<Step> steps = new ArrayList<>();
        Matcher matcher = STEP.matcher(text);
        int at = 1;
        while (at < text.length()) {
            if (!matcher.find(at) || matcher.start() != at) {
                throw new IllegalArgumentException(text + ": no path at " + at);
            }
            steps.add(step(matcher));
            at = matcher.end();
        }
        return new JsonPath(steps);
    }

    private static Step step(Matcher found) {
        if (found.group(1) != null) {
            return new Step(found.group(2), Step.NONE, true);
        }
        if (found.group(3) != null || found.group(7) != null) {
            return new Step(found.group(3) == null ? found.group(7) : found.group(3), Step.NONE, false);
        }
        if (found.group(4) != null) {
            return new Step("", Step.NONE, false);
        }
        return new Step("", found.group(5) == null ? Integer.parseInt(found.group(6)) : Step.ANY, false);
    }

    /** Whether it means just that place. */
    boolean means(Place place) {
        return means(0, place.steps(), 0);
    }

    private boolean means(int step, List<Place.Down> down, int at) {
        if (step == steps.size()) {
            return at == down.size();
        }
        if (at == down.size()) {
            return false;
        }
        Step next = steps.get(step);
        if (next.fits(down.get(at)) && means(step + 1, down, at + 1)) {
            return true;
        }
        return next.deep() && means(step, down, at + 1);
    }
}
