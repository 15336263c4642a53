package dev.banyan.dataplane.mirror;

import dev.banyan.contract.SeenAnswer;
import dev.banyan.contract.ShadowReader;
import dev.banyan.dataplane.message.Ascii;
import dev.banyan.dataplane.message.Head;
import dev.banyan.routing.decide.Decision;
import java.util.Set;

/**
 * What all copies have in common, whatever their route and table.
 *
 * @param wrote routes of which nothing is copied any more, because an answer said that it wrote; added to by every loop
 */
record Mirroring(
        CopyRules rules,
        Set<String> wrote,
        Repeats repeats,
        Strangers strangers,
        RecentWrites writes,
        Later later,
        Bounds bounds,
        ShadowMeters meters,
        ShadowReader reader) {
    private static final String WROTE = "x-banyan-wrote";
    private static final byte[] WROTE_BYTES = Ascii.bytes(WROTE);

    /** Looks whether an answer to a safe request says that it wrote something: then nothing of its route is asked again. */
    void look(Decision decision, Head answer) {
        if (decision.safe() && answer.joined(WROTE_BYTES, ",") != null) {
            wrote.add(decision.routeId());
        }
    }

    void look(String route, SeenAnswer answer) {
        if (answer.has(WROTE)) {
            wrote.add(route);
        }
    }
}
