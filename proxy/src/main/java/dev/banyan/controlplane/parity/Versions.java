package dev.banyan.controlplane.parity;

import dev.banyan.contract.SeenAnswer;
import java.util.LinkedHashSet;
import java.util.Set;

/**
 * Which versions one side of a route has said that it is. While a deploy goes on old and new ones answer in turn, so only a version that
 * was not seen before is a deploy. Used by one thread; read by others.
 */
final class Versions {
    private static final int MOST = 20;
    private static final int LONGEST = 100;

    private final Set<String> seen = new LinkedHashSet<>();
    private volatile String latest = "";

    /**
     * Looks at an answer.
     *
     * @param header that says the version
     * @return whether it is of a version that was not seen before, while another was
     */
    boolean isNew(SeenAnswer answer, String header) {
        String version = answer.first(header);
        if (version.isEmpty() || version.length() > LONGEST || !seen.add(version)) {
            return false;
        }
        if (seen.size() > MOST) {
            seen.remove(seen.iterator().next());
        }
        boolean first = latest.isEmpty();
        latest = version;
        return !first;
    }

    /** The newest; empty: none was said. */
    String latest() {
        return latest;
    }
}
