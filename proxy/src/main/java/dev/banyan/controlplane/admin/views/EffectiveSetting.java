package dev.banyan.controlplane.admin.views;

import java.util.List;

/**
 * A setting of the process as it is in force. A secret is never one; what stands here is where it is.
 *
 * @param list whether there may be any number of values; else there is one
 * @param source where it comes from: {@code default}, {@code banyan.yaml:3:9}, {@code environment BANYAN_LISTEN}
 */
public record EffectiveSetting(String name, List<String> values, boolean list, String source) {
    public EffectiveSetting {
        values = List.copyOf(values);
    }
}
