package dev.banyan.controlplane.parity.compare;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/** Where one stands in a JSON document while it is walked. */
final class Place {
    private static final Pattern PLAIN = Pattern.compile("[\\p{L}_][\\p{L}\\p{N}_-]*");

    /** A name that is somebody's key rather than a schema's: of those there may be as many as there are users. */
    private static final Pattern KEY =
            Pattern.compile("[0-9]+|[0-9a-fA-F]{8}-[0-9a-fA-F-]{27}|[0-9a-fA-F]{16,}|.{65,}", Pattern.DOTALL);

    private final List<Down> steps = new ArrayList<>();

    /**
     * One step down.
     *
     * @param name of the member; empty, with an index, for an element
     * @param index of the element; -1 for a member
     */
    record Down(String name, int index) {
        boolean isElement() {
            return index >= 0;
        }
    }

    List<Down> steps() {
        return steps;
    }

    void into(String member) {
        steps.add(new Down(member, -1));
    }

    void into(int element) {
        steps.add(new Down("", element));
    }

    void back() {
        steps.remove(steps.size() - 1);
    }

    /** Without indices, and without names that are keys: {@code $.items[*].amount}. */
    String field() {
        StringBuilder text = new StringBuilder("$");
        for (Down down : steps) {
            if (down.isElement()) {
                text.append("[*]");
            } else if (KEY.matcher(down.name()).matches()) {
                text.append(".*");
            } else if (PLAIN.matcher(down.name()).matches()) {
                text.append('.').append(down.name());
            } else {
                text.append("['")
                        .append(down.name().replaceAll("[\\p{Cntrl}'\\[\\]]", "?"))
                        .append("']");
            }
        }
        return text.toString();
    }
}
