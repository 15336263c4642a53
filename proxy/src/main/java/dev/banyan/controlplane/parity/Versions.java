package dev.banyan.controlplane.parity;

import dev.banyan.contract.SeenAnswer;
import java.util.LinkedHashSet;
import java.util.Set;

/**
 * Which versions one side of a route has said that it is. While a deploy goes on old and new ones answer in turn, so a version that was
 * seen before is an old one, until nothing else has answered for a while. Used by one thread; the newest is read by others.
 */
final class Versions {
    private static final int MOST = 20;
    private static final int LONGEST = 100;

    /** After so many answers of an old version, and none of the newest, it was taken back. */
    private static final int TAKEN_BACK = 50;

    private final Set<String> seen = new LinkedHashSet<>();
    private volatile String latest = "";
    private int old;

    /** What an answer says of the version that answers. */
    enum Age {
        /** Nothing, or that it is the newest. */
        LATEST,
        /** That another version answers from now on. */
        NEW,
        /** That a version still answers that another has replaced. */
        OLD
    }

    /** @param header that says the version */
    Age of(SeenAnswer answer, String header) {
        String version = answer.first(header);
        if (version.isEmpty() || version.length() > LONGEST || version.equals(latest)) {
            old = version.equals(latest) ? 0 : old;
            return Age.LATEST;
        }
        boolean first = latest.isEmpty();
        if (!seen.add(version) && ++old < TAKEN_BACK) {
            return Age.OLD;
        }
        if (seen.size() > MOST) {
            seen.remove(seen.iterator().next());
        }
        old = 0;
        latest = version;
        return first ? Age.LATEST : Age.NEW;
    }

    /** The newest; empty: none was said. */
    String latest() {
        return latest;
    }
}
