package dev.banyan.controlplane.admin.access;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.banyan.json.Json;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Requests that came with no valid token, counted until they are written to the audit log: one line an address and minute. A stranger
 * with many addresses fills neither memory nor disk: those over a bound share a line.
 */
public final class FailedAuthentications {
    public static final int MOST_ADDRESSES = 32;

    /** In place of a token's name; none may be called so. */
    public static final String NOBODY = "nobody";

    private static final String OTHERS = "other addresses";

    private final Map<String, Integer> counts = new LinkedHashMap<>();

    public synchronized void count(String peer) {
        boolean own = counts.containsKey(peer) || counts.size() < MOST_ADDRESSES;
        counts.merge(own ? peer : OTHERS, 1, Integer::sum);
    }

    /** Those since the last time, as entries. */
    public synchronized List<ObjectNode> take(Instant now) {
        List<ObjectNode> entries = new ArrayList<>();
        counts.forEach((peer, count) -> entries.add(entry(now, peer, count)));
        counts.clear();
        return entries;
    }

    private static ObjectNode entry(Instant now, String peer, int count) {
        return Json.object()
                .put("time", now.toString())
                .put("who", NOBODY)
                .put("from", peer)
                .put("what", count + (count == 1 ? " request" : " requests") + " without a valid token")
                .put("reason", "")
                .put("result", "refused")
                .put("status", 401)
                .put("count", count);
    }
}
