package dev.banyan.controlplane.parity.compare;

import com.fasterxml.jackson.databind.JsonNode;
import dev.banyan.contract.SeenAnswer;
import java.util.Arrays;
import java.util.Iterator;
import java.util.Optional;
import java.util.TreeMap;

/** A number for what a body says: the same for two answers of one side that say the same, by a route's rules. */
public final class ContentDigest {
    private final CompareRules rules;
    private final Place place = new Place();

    private ContentDigest(CompareRules rules) {
        this.rules = rules;
    }

    /** Never throws; takes time by the size of the body, which is bounded. */
    public static long of(SeenAnswer answer, CompareRules rules) {
        try {
            byte[] body = Content.of(answer);
            if (MediaType.of(answer).isHtml()) {
                return Page.of(answer, body, rules).digest();
            }
            Optional<JsonNode> json = MediaType.of(answer).isJson() ? JsonDocument.of(body) : Optional.empty();
            return json.isPresent() ? new ContentDigest(rules).of(json.get()) : Arrays.hashCode(body);
        } catch (NotComparable e) {
            return Arrays.hashCode(answer.body());
        }
    }

    private long of(JsonNode node) {
        if (rules.ignores(place)) {
            return 0;
        }
        if (node.isObject()) {
            return members(node);
        }
        return node.isArray()
                ? elements(node)
                : mixed(node.asText().hashCode(), node.getNodeType().name().hashCode());
    }

    private long members(JsonNode object) {
        TreeMap<String, JsonNode> members = new TreeMap<>();
        object.properties().forEach(member -> members.put(member.getKey(), member.getValue()));
        long digest = 1;
        for (var member : members.entrySet()) {
            place.into(member.getKey());
            if (!member.getValue().isNull()) {
                digest = mixed(mixed(digest, member.getKey().hashCode()), of(member.getValue()));
            }
            place.back();
        }
        return digest;
    }

    private long elements(JsonNode list) {
        boolean ordered = rules.unorderedBy(place).isEmpty();
        long digest = 2;
        int index = 0;
        for (Iterator<JsonNode> each = list.elements(); each.hasNext(); ) {
            place.into(index++);
            long element = of(each.next());
            digest = ordered ? mixed(digest, element) : digest + mixed(3, element);
            place.back();
        }
        return digest;
    }

    private static long mixed(long digest, long more) {
        return Mixed.of(digest * 31 + more);
    }
}
