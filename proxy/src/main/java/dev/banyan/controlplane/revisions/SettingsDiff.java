package dev.banyan.controlplane.revisions;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Two records of one kind, setting by setting. Goes by the records' components, so that a setting that is added to the table is in the
 * diffs without anybody thinking of it.
 */
final class SettingsDiff {
    private final Set<String> leftOut;
    private final List<String> lines = new ArrayList<>();

    private SettingsDiff(Set<String> leftOut) {
        this.leftOut = leftOut;
    }

    /**
     * @param leftOut names of settings, such as {@code shadow share}, that somebody else tells of
     */
    static List<String> between(Record before, Record after, Set<String> leftOut) {
        if (before.equals(after)) {
            // Of thousands of routes a change touches few.
            return List.of();
        }
        SettingsDiff diff = new SettingsDiff(leftOut);
        diff.records("", before, after);
        return diff.lines;
    }

    private void records(String prefix, Record before, Record after) {
        List<Wording.Fields> now = Wording.Fields.of(after);
        int i = 0;
        for (Wording.Fields was : Wording.Fields.of(before)) {
            values(prefix + was.name(), was.value(), now.get(i++).value());
        }
    }

    private void values(String name, Object before, Object after) {
        if (before.equals(after) || leftOut.contains(name)) {
            return;
        }
        if (before instanceof Optional<?> was && after instanceof Optional<?> is && was.isPresent() && is.isPresent()) {
            values(name, was.get(), is.get());
        } else if (before instanceof Collection<?> was && after instanceof Collection<?> is) {
            collections(name, was, is);
        } else if (before instanceof Record was
                && after instanceof Record is
                && was.getClass().equals(is.getClass())
                && !Wording.Fields.writesItself(was)) {
            records(name + " ", was, is);
        } else {
            lines.add(name + " " + Wording.of(before) + " -> " + Wording.of(after));
        }
    }

    private void collections(String name, Collection<?> before, Collection<?> after) {
        List<Object> gone = new ArrayList<>(before);
        gone.removeAll(after);
        List<Object> come = new ArrayList<>(after);
        come.removeAll(before);
        if (gone.size() + come.size() >= before.size() + after.size() || (gone.isEmpty() && come.isEmpty())) {
            lines.add(name + " " + Wording.of(before) + " -> " + Wording.of(after));
            return;
        }
        gone.forEach(value -> lines.add(name + " without " + Wording.of(value)));
        come.forEach(value -> lines.add(name + " with " + Wording.of(value)));
    }
}
