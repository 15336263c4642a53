package dev.banyan.controlplane.parity.compare;

import com.fasterxml.jackson.databind.JsonNode;
import dev.banyan.contract.SeenAnswer;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;

/** How many fields of an answer are compared: the more there are, the likelier it is that one of them seems different by chance. */
public final class FieldCount {
    private static final int MOST = 5_000;

    private final Place place = new Place();
    private final Set<String> fields = new HashSet<>();

    private FieldCount() {}

    /** At least 1. Never throws; takes time by the size of the body, which is bounded. */
    public static long of(SeenAnswer answer, CompareRules rules) {
        FieldCount count = new FieldCount();
        try {
            byte[] body = Content.of(answer);
            if (MediaType.of(answer).isHtml()) {
                count.page("", Page.of(answer, body, rules));
            } else if (MediaType.of(answer).isJson()) {
                Optional<JsonNode> json = JsonDocument.of(body);
                json.ifPresent(count::json);
            }
        } catch (NotComparable e) {
            // Then its body is not compared either.
        }
        return 2L + answer.fields().size() + count.fields.size();
    }

    private void json(JsonNode node) {
        if (fields.size() > MOST) {
            return;
        }
        if (node.isObject()) {
            node.properties().forEach(member -> {
                place.into(member.getKey());
                json(member.getValue());
                place.back();
            });
        } else if (node.isArray()) {
            place.into(0);
            node.forEach(this::json);
            place.back();
        } else {
            fields.add(place.field());
        }
    }

    private void page(String path, PageNode node) {
        if (fields.size() <= MOST && node instanceof PageNode.Element element) {
            String here = path + '>' + element.label();
            fields.add(here);
            element.attributes().keySet().forEach(name -> fields.add(here + '@' + name));
            element.children().forEach(child -> page(here, child));
        }
    }
}
