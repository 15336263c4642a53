package dev.banyan.dataplane.mirror;

import dev.banyan.contract.ShadowReader;
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
        ShadowReader reader) {}
