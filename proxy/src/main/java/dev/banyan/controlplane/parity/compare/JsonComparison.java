package dev.banyan.controlplane.parity.compare;

import com.fasterxml.jackson.databind.JsonNode;
import dev.banyan.controlplane.parity.compare.Difference.Kind;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Compares two JSON documents by value and place. What vanishes as a whole is one difference, and so is one element that moved. */
final class JsonComparison {
    /** Looked at in one pair, with all tries to find an element's partner. */
    private static final int MOST_LOOKED_AT = 500_000;

    /** Of longer lists nobody looks for each element's partner: it takes their length squared. */
    private static final int MOST_TO_PAIR = 500;

    /** What elements are told apart by where nothing is said. */
    private static final String ID = "id";

    private final CompareRules rules;
    private final Place place = new Place();
    private Findings findings;
    private int lookedAt;

    private JsonComparison(CompareRules rules, Findings findings) {
        this.rules = rules;
        this.findings = findings;
    }

    /** @throws NotComparable it would take too long */
    static void compare(JsonNode legacy, JsonNode modern, CompareRules rules, Findings findings) {
        new JsonComparison(rules, findings).compare(legacy, modern);
    }

    private void compare(JsonNode legacy, JsonNode modern) {
        if (++lookedAt > MOST_LOOKED_AT) {
            throw new NotComparable("too-large");
        }
        if (findings.isDecided() || rules.ignores(place)) {
            return;
        }
        if (legacy.isObject() && modern.isObject()) {
            members(legacy, modern);
        } else if (legacy.isArray() && modern.isArray()) {
            elements(legacy, modern);
        } else if (!JsonValues.same(legacy, modern, rules)) {
            value(legacy, modern);
        }
    }

    private void value(JsonNode legacy, JsonNode modern) {
        if (legacy.isTextual() && modern.isTextual()) {
            findings.texts(place.field(), legacy.textValue(), modern.textValue(), shown(legacy), shown(modern));
            return;
        }
        boolean sameType = legacy.getNodeType() == modern.getNodeType();
        boolean twoDecimals = rules.rails() && JsonValues.areDecimals(legacy, modern);
        found(sameType || twoDecimals ? Kind.VALUE : Kind.TYPE, legacy, modern);
        if (sameType && !Shape.of(legacy).equals(Shape.of(modern))) {
            found(Kind.SHAPE, legacy, modern);
        }
    }

    private void members(JsonNode legacy, JsonNode modern) {
        Set<String> names = new TreeSet<>();
        legacy.fieldNames().forEachRemaining(names::add);
        modern.fieldNames().forEachRemaining(names::add);
        for (String name : names) {
            place.into(name);
            oneMember(legacy.get(name), modern.get(name));
            place.back();
        }
    }

    private void oneMember(@Nullable JsonNode legacy, @Nullable JsonNode modern) {
        if (legacy != null && modern != null) {
            compare(legacy, modern);
        } else if (modern != null) {
            onlyModern(modern);
        } else if (legacy != null) {
            onlyLegacy(legacy);
        }
    }

    /** Of an object Rails leaves out what is null, or does not, as its serializer was written: it says the same. */
    private void onlyLegacy(JsonNode legacy) {
        if (!(legacy.isNull() && rules.rails()) && !rules.ignores(place)) {
            findings.add(new Difference(place.field(), Kind.MISSING, shown(legacy), "nothing"));
        }
    }

    private void onlyModern(JsonNode modern) {
        if (!(modern.isNull() && rules.rails()) && !rules.ignores(place)) {
            findings.add(new Difference(place.field(), Kind.EXTRA, "nothing", shown(modern)));
        }
    }

    private void elements(JsonNode legacy, JsonNode modern) {
        Optional<String> unordered = rules.unorderedBy(place);
        String key = unordered.filter(named -> !named.isEmpty()).orElse(ID);
        Map<String, JsonNode> legacyByKey = byKey(legacy, key);
        Map<String, JsonNode> modernByKey = byKey(modern, key);
        if (!legacyByKey.isEmpty() && !modernByKey.isEmpty()) {
            keyed(legacy, modern, legacyByKey, modernByKey, unordered.isEmpty());
        } else if (unordered.isPresent()) {
            asBags(legacy, modern);
        } else {
            inOrder(legacy, modern);
        }
    }

    /** Empty unless each element is an object with a key of its own. */
    private static Map<String, JsonNode> byKey(JsonNode list, String key) {
        Map<String, JsonNode> elements = new LinkedHashMap<>();
        for (JsonNode element : list) {
            JsonNode id = element.get(key);
            if (id == null || !id.isValueNode() || id.isNull() || elements.put(id.asText(), element) != null) {
                return Map.of();
            }
        }
        return elements;
    }

    private void keyed(
            JsonNode legacyList,
            JsonNode modernList,
            Map<String, JsonNode> legacy,
            Map<String, JsonNode> modern,
            boolean ordered) {
        List<String> common = new ArrayList<>(legacy.keySet());
        common.retainAll(modern.keySet());
        List<String> commonOfModern = new ArrayList<>(modern.keySet());
        commonOfModern.retainAll(legacy.keySet());
        if (ordered && !common.equals(commonOfModern)) {
            found(Kind.ORDER, legacyList, modernList);
        }
        int element = 0;
        for (Map.Entry<String, JsonNode> each : legacy.entrySet()) {
            place.into(element++);
            oneMember(each.getValue(), modern.get(each.getKey()));
            place.back();
        }
        for (Map.Entry<String, JsonNode> each : modern.entrySet()) {
            if (!legacy.containsKey(each.getKey())) {
                place.into(element++);
                onlyModern(each.getValue());
                place.back();
            }
        }
    }

    private void inOrder(JsonNode legacy, JsonNode modern) {
        if (legacy.size() != modern.size()) {
            found(Kind.LENGTH, legacy, modern);
            return;
        }
        if (isSame(legacy, modern)) {
            return;
        }
        if (legacy.size() <= MOST_TO_PAIR && withoutPartners(legacy, modern).isEmpty()) {
            found(Kind.ORDER, legacy, modern);
            return;
        }
        inTurn(legacy.elements(), modern.elements());
    }

    private boolean isSame(JsonNode legacy, JsonNode modern) {
        Findings aside = findings;
        findings = Findings.any();
        try {
            inTurn(legacy.elements(), modern.elements());
            return findings.isEmpty();
        } finally {
            findings = aside;
        }
    }

    private void asBags(JsonNode legacy, JsonNode modern) {
        if (Math.max(legacy.size(), modern.size()) > MOST_TO_PAIR) {
            throw new NotComparable("too-large");
        }
        List<JsonNode> ofLegacy = withoutPartners(legacy, modern);
        List<JsonNode> ofModern = withoutPartners(modern, legacy);
        if (ofLegacy.size() != ofModern.size()) {
            found(Kind.LENGTH, legacy, modern);
        } else {
            inTurn(ofLegacy.iterator(), ofModern.iterator());
        }
    }

    private void inTurn(Iterator<JsonNode> legacy, Iterator<JsonNode> modern) {
        for (int element = 0; legacy.hasNext() && modern.hasNext(); element++) {
            place.into(element);
            compare(legacy.next(), modern.next());
            place.back();
        }
    }

    /** What is in the one list and not, as often, in the other. */
    private List<JsonNode> withoutPartners(JsonNode list, JsonNode other) {
        List<JsonNode> candidates = new ArrayList<>();
        other.elements().forEachRemaining(candidates::add);
        List<JsonNode> alone = new ArrayList<>();
        place.into(0);
        for (JsonNode element : list) {
            if (!foundPartner(element, candidates)) {
                alone.add(element);
            }
        }
        place.back();
        return alone;
    }

    private boolean foundPartner(JsonNode element, List<JsonNode> candidates) {
        Findings aside = findings;
        try {
            for (Iterator<JsonNode> each = candidates.iterator(); each.hasNext(); ) {
                findings = Findings.any();
                compare(element, each.next());
                if (findings.isEmpty()) {
                    each.remove();
                    return true;
                }
            }
            return false;
        } finally {
            findings = aside;
        }
    }

    private void found(Kind kind, JsonNode legacy, JsonNode modern) {
        findings.add(new Difference(place.field(), kind, shown(legacy), shown(modern)));
    }

    private String shown(JsonNode node) {
        return JsonValues.shown(node, rules.values());
    }
}
