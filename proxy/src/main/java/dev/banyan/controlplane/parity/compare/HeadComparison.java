package dev.banyan.controlplane.parity.compare;

import dev.banyan.contract.SeenAnswer;
import dev.banyan.contract.SeenAnswer.HeaderField;
import dev.banyan.controlplane.parity.compare.Difference.Kind;
import dev.banyan.routing.Ids;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.regex.Pattern;

/** Compares the heads of two answers: the status, the type, and every field that means something to a client. */
final class HeadComparison {
    /** What says nothing of the resource: of one message or connection, of who answered, or new with every answer. */
    private static final Set<String> OF_THE_MESSAGE = Set.of(
            "age",
            "alt-svc",
            "connection",
            "content-encoding",
            "content-length",
            "content-type",
            "date",
            "keep-alive",
            "nel",
            "report-to",
            "server",
            "server-timing",
            "trailer",
            "transfer-encoding",
            "via",
            "x-powered-by",
            "x-request-id",
            "x-correlation-id",
            "x-runtime",
            "x-rack-cache",
            "traceparent",
            "tracestate");

    /** What Rails adds to every answer of an app, whatever it is of ({@code config.action_dispatch.default_headers}). */
    private static final Set<String> OF_EVERY_RAILS_APP = Set.of(
            "referrer-policy",
            "x-content-type-options",
            "x-download-options",
            "x-frame-options",
            "x-permitted-cross-domain-policies",
            "x-xss-protection");

    /** Lists whose order, and whose spelling, mean nothing. */
    private static final Set<String> LISTS = Set.of("allow", "cache-control", "vary", "access-control-allow-methods");

    /** What compression on the way adds to {@code Vary}, and what Rails does where an action could answer in two formats. */
    private static final Set<String> USUALLY_VARIED = Set.of("accept-encoding", "accept", "x-requested-with");

    /** Within a link something else follows a comma. */
    private static final Pattern BETWEEN_LINKS = Pattern.compile(",(?=\\s*<)");

    /** What a browser fetches sooner: Rails adds one for each script and style sheet that the page names, with their fingerprints. */
    private static final Pattern PRELOAD = Pattern.compile("(?i)[^>]*>(?:.*;)?\\s*rel=\"?preload\"?\\s*(?:;.*)?");

    /**
     * What a cache may keep though nobody says for how long. An answer of another status it does not keep, whether or not that says {@code
     * no-cache}, which Rails adds to each.
     *
     * @see <a href="https://www.rfc-editor.org/rfc/rfc9110#section-15.1">RFC 9110, 15.1: heuristically cacheable</a>
     */
    private static final Set<Integer> KEPT_BY_ITSELF =
            Set.of(200, 203, 204, 206, 300, 301, 308, 404, 405, 410, 414, 501);

    /** Sessions, which Rails sends anew with every answer, and what guards their forms. */
    private static final Pattern SESSION = Pattern.compile("(?i)_?[a-z0-9_-]*(session|csrf|xsrf)[a-z0-9_-]*");

    private final CompareRules rules;
    private final Findings findings;

    private HeadComparison(CompareRules rules, Findings findings) {
        this.rules = rules;
        this.findings = findings;
    }

    static void compare(SeenAnswer legacy, SeenAnswer modern, CompareRules rules, Findings findings) {
        HeadComparison comparison = new HeadComparison(rules, findings);
        comparison.status(legacy.status(), modern.status());
        if (!RedirectNote.isAllThatIsSaid(legacy, modern, rules)) {
            comparison.type(legacy.first("content-type"), modern.first("content-type"));
        }
        boolean sameStatus = legacy.status() == modern.status();
        if (!sameStatus || !comparison.areEqual(legacy.fields(), modern.fields())) {
            comparison.fields(comparison.byName(legacy), comparison.byName(modern));
        }
    }

    /** Whether all that counts is the same, in the same order, byte for byte: as it mostly is, and sooner seen than spelt in one way. */
    private boolean areEqual(List<HeaderField> legacy, List<HeaderField> modern) {
        int one = 0;
        int other = 0;
        while (one < legacy.size() || other < modern.size()) {
            boolean both = one < legacy.size()
                    && other < modern.size()
                    && legacy.get(one).value().equals(modern.get(other).value())
                    && legacy.get(one).name().equalsIgnoreCase(modern.get(other).name());
            if (both) {
                one++;
                other++;
            } else if (one < legacy.size() && saysNothing(legacy.get(one))) {
                one++;
            } else if (other < modern.size() && saysNothing(modern.get(other))) {
                other++;
            } else {
                return false;
            }
        }
        return true;
    }

    private boolean saysNothing(HeaderField field) {
        String name = field.name().toLowerCase(Locale.ROOT);
        return isLeftOut(name) || name.equals("etag") && field.value().startsWith("W/");
    }

    private boolean isLeftOut(String name) {
        return OF_THE_MESSAGE.contains(name)
                || rules.rails() && OF_EVERY_RAILS_APP.contains(name)
                || name.startsWith("x-banyan-")
                || rules.ignoresHeader(name);
    }

    /** Always by its number, which is nobody's secret. */
    private void status(int legacy, int modern) {
        if (legacy != modern) {
            findings.add(new Difference("status", Kind.VALUE, Integer.toString(legacy), Integer.toString(modern)));
        }
    }

    private void type(String legacyField, String modernField) {
        if (legacyField.equals(modernField)) {
            return;
        }
        MediaType legacy = MediaType.of(legacyField);
        MediaType modern = MediaType.of(modernField);
        if (!legacy.says(modern) && !rules.ignoresHeader("content-type")) {
            findings.add(new Difference("header content-type", Kind.VALUE, legacy.toString(), modern.toString()));
        }
    }

    private SortedMap<String, List<String>> byName(SeenAnswer answer) {
        SortedMap<String, List<String>> fields = Fields.byName(answer);
        boolean keptByNobody = rules.rails() && !KEPT_BY_ITSELF.contains(answer.status());
        if (keptByNobody && List.of("no-cache").equals(fields.get("cache-control"))) {
            fields.remove("cache-control");
        }
        return fields;
    }

    private void fields(SortedMap<String, List<String>> legacy, SortedMap<String, List<String>> modern) {
        SortedSet<String> names = Ids.inEither(legacy, modern);
        names.removeIf(this::isLeftOut);
        for (String name : names) {
            SortedSet<String> ofLegacy = said(name, legacy.getOrDefault(name, List.of()));
            SortedSet<String> ofModern = said(name, modern.getOrDefault(name, List.of()));
            if (!ofLegacy.equals(ofModern)) {
                Kind kind = ofModern.isEmpty() ? Kind.MISSING : ofLegacy.isEmpty() ? Kind.EXTRA : Kind.VALUE;
                findings.add(new Difference("header " + name, kind, shown(ofLegacy), shown(ofModern)));
                if (kind == Kind.VALUE && !shapes(ofLegacy).equals(shapes(ofModern))) {
                    findings.add(new Difference("header " + name, Kind.SHAPE, shown(ofLegacy), shown(ofModern)));
                }
            }
        }
    }

    /** What the lines of one name say, spelt in one way; empty: nothing. */
    private SortedSet<String> said(String name, List<String> lines) {
        SortedSet<String> said = new TreeSet<>();
        for (String line : lines) {
            if (LISTS.contains(name)) {
                for (String element : line.split(",", -1)) {
                    said.add(element.strip().toLowerCase(Locale.ROOT));
                }
            } else if (name.equals("set-cookie")) {
                said.add(cookie(line));
            } else if (name.equals("link")) {
                links(line, said);
            } else if (ContentPolicy.isIn(name)) {
                policies(line, said);
            } else if (!name.equals("etag")) {
                said.add(line);
            } else if (!line.startsWith("W/")) {
                // A weak one is made of the bytes, and those may be spelt in another way.
                said.add("an entity tag");
            }
        }
        said.remove("");
        if (name.equals("vary")) {
            said.removeAll(USUALLY_VARIED);
        }
        return said;
    }

    private void links(String line, SortedSet<String> said) {
        for (String link : BETWEEN_LINKS.split(line, -1)) {
            if (!rules.rails() || !PRELOAD.matcher(link).matches()) {
                said.add(link.strip());
            }
        }
    }

    private void policies(String line, SortedSet<String> said) {
        for (String policy : line.split(",", -1)) {
            said.add(ContentPolicy.spelt(rules.rails() ? ContentPolicy.withoutNonces(policy) : policy));
        }
    }

    /** Its name and attributes: the value is somebody's, and new each time. Empty for a session's. */
    private String cookie(String line) {
        String[] parts = line.split(";", -1);
        String name = parts[0].split("=", 2)[0].strip();
        if (rules.rails() && SESSION.matcher(name).matches()) {
            return "";
        }
        SortedSet<String> attributes = new TreeSet<>();
        for (int i = 1; i < parts.length; i++) {
            String attribute = parts[i].strip().toLowerCase(Locale.ROOT);
            attributes.add(attribute.startsWith("expires=") ? "expires" : attribute);
        }
        return name + attributes;
    }

    private static List<String> shapes(SortedSet<String> said) {
        return said.stream().map(Shape::of).sorted().toList();
    }

    private String shown(SortedSet<String> said) {
        if (said.isEmpty()) {
            return "nothing";
        }
        String text = String.join(", ", said);
        if (!rules.values()) {
            return "text of " + text.length();
        }
        return JsonValues.shortened(text);
    }
}
