package dev.banyan.controlplane.parity.compare;

import dev.banyan.contract.SeenAnswer;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.charset.IllegalCharsetNameException;
import java.nio.charset.UnsupportedCharsetException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.jsoup.Jsoup;
import org.jsoup.nodes.Attribute;
import org.jsoup.nodes.DataNode;
import org.jsoup.nodes.Document;
import org.jsoup.nodes.Element;
import org.jsoup.nodes.Node;
import org.jsoup.nodes.TextNode;
import org.jsoup.parser.Parser;
import org.jspecify.annotations.Nullable;

/**
 * Reads HTML as a browser does, and leaves out what says nothing: comments, the order of attributes and classes, white space that no
 * browser shows, and what a route's rules ignore.
 *
 * @see <a href="https://html.spec.whatwg.org/multipage/parsing.html">HTML, 13.2: parsing</a>
 * @see <a href="https://www.w3.org/TR/css-text-3/#white-space-processing">CSS Text 3, 4: white space</a>
 */
final class Page {
    private static final int DEEPEST = 200;
    private static final int MOST_BYTES = 1 << 20;
    private static final int MOST_NODES = 100_000;
    private static final int MOST_CLASSES_IN_LABEL = 2;

    /** White space beside their edges is not shown. */
    private static final Set<String> BLOCKS = Set.of(("address article aside base blockquote body br caption center col"
                    + " colgroup dd details dialog dir div dl dt fieldset figcaption figure footer form frame frameset h1 h2 h3"
                    + " h4 h5 h6 head header hgroup hr html legend li link main menu meta nav noscript ol optgroup option p"
                    + " pre script search section style summary table tbody td template tfoot th thead title tr turbo-frame"
                    + " turbo-stream ul")
            .split(" "));

    /** They stand in a line as a letter does: white space beside them is shown. */
    private static final Set<String> BOXES = Set.of(
            "audio button canvas embed iframe img input math meter object picture progress select svg textarea video"
                    .split(" "));

    /** White space in them is content. */
    private static final Set<String> EXACT = Set.of("pre", "textarea", "listing", "plaintext");

    private static final SortedMap<String, String> NO_ATTRIBUTES = Collections.emptySortedMap();
    private static final Set<String> LISTS_OF_WORDS = Set.of("class", "rel", "headers", "sizes", "itemprop");
    private static final Pattern SPACE = Pattern.compile("[ \\t\\n\\f\\r]+");
    private static final Pattern STABLE = Pattern.compile("[A-Za-z_][A-Za-z_-]{0,40}");
    private static final Pattern AROUND_MARKS = Pattern.compile("\\s*([:;])\\s*");

    private final CompareRules rules;
    private final Set<Element> ignored;
    private final boolean headNamesCharset;
    private int nodes;

    /** The text that was written last, if white space at its end would be collapsed with what comes. */
    private @Nullable StringBuilder open;

    /** Whether white space that comes now is not shown: a block begins, or there was some. */
    private boolean spaced = true;

    private Page(CompareRules rules, Set<Element> ignored, boolean headNamesCharset) {
        this.rules = rules;
        this.ignored = ignored;
        this.headNamesCharset = headNamesCharset;
    }

    /**
     * Reads one. Whatever the bytes are, they are some page.
     *
     * @param body of the answer, decoded
     * @throws NotComparable it is larger than any page that people read
     */
    static PageNode.Element of(SeenAnswer answer, byte[] body, CompareRules rules) {
        if (body.length > MOST_BYTES) {
            throw new NotComparable("too-large");
        }
        String charset = known(MediaType.of(answer).charset());
        Document document = parsed(body, charset);
        return new Page(rules, rules.ignoredElements(document), charset != null)
                .element(document.expectFirst("html"))
                .frozen();
    }

    private static Document parsed(byte[] body, @Nullable String charset) {
        try {
            Parser parser = Parser.htmlParser().setMaxDepth(DEEPEST);
            return Jsoup.parse(new ByteArrayInputStream(body), charset, "", parser);
        } catch (IOException e) {
            throw new NotComparable("encoding");
        }
    }

    /** What it says itself, or UTF-8, where the head says nothing that is known. */
    private static @Nullable String known(String charset) {
        try {
            return !charset.isEmpty() && Charset.isSupported(charset) ? charset : null;
        } catch (IllegalCharsetNameException | UnsupportedCharsetException e) {
            return null;
        }
    }

    /** An element while its texts are still written: what comes later may take a space from their end. */
    private record Making(String tag, SortedMap<String, String> attributes, List<Object> children) {

        PageNode.Element frozen() {
            List<PageNode> frozen = new ArrayList<>(children.size());
            for (Object child : children) {
                if (child instanceof Making element) {
                    frozen.add(element.frozen());
                } else if (!child.toString().isEmpty()) {
                    frozen.add(PageNode.Text.of(child.toString()));
                }
            }
            return PageNode.Element.of(tag, label(), attributes, frozen);
        }

        /** Without ids and classes that are somebody's key: of those there may be as many as there are records. */
        private String label() {
            if (attributes.isEmpty()) {
                return tag;
            }
            String id = attributes.getOrDefault("id", "");
            StringBuilder label = new StringBuilder(tag);
            if (STABLE.matcher(id).matches()) {
                label.append('#').append(id);
            }
            Arrays.stream(attributes.getOrDefault("class", "").split(" ", -1))
                    .filter(each -> STABLE.matcher(each).matches())
                    .limit(MOST_CLASSES_IN_LABEL)
                    .forEach(each -> label.append('.').append(each));
            return label.toString();
        }
    }

    private Making element(Element element) {
        String tag = element.normalName();
        Making making = new Making(tag, attributes(element), new ArrayList<>());
        if (BLOCKS.contains(tag)) {
            edge();
            content(element, making);
            edge();
        } else if (BOXES.contains(tag)) {
            open = null;
            spaced = true;
            content(element, making);
            edge();
            spaced = false;
        } else {
            content(element, making);
        }
        return making;
    }

    private void content(Element element, Making making) {
        if (EXACT.contains(making.tag())) {
            making.children().add(element.wholeText());
        } else if (!rules.rails() || !RailsPages.saysItsTime(element)) {
            element.childNodes().forEach(child -> child(child, making));
        }
    }

    private void child(Node child, Making parent) {
        if (++nodes > MOST_NODES) {
            throw new NotComparable("too-large");
        }
        if (child instanceof Element element) {
            boolean left = ignored.contains(element)
                    || headNamesCharset && namesCharset(element)
                    || rules.rails() && RailsPages.isNoise(element);
            if (!left) {
                parent.children().add(element(element));
            }
        } else if (child instanceof TextNode text) {
            text(text.getWholeText(), parent);
        } else if (child instanceof DataNode data) {
            parent.children().add(script(data.getWholeData(), parent));
        }
    }

    /** Who has the answer's head does not ask that. */
    private static boolean namesCharset(Element element) {
        return element.normalName().equals("meta")
                && (element.hasAttr("charset") || element.attr("http-equiv").equalsIgnoreCase("content-type"));
    }

    private void text(String raw, Making parent) {
        String shown = rules.rails() ? RailsPages.withoutTimesAgo(raw) : raw;
        StringBuilder text = new StringBuilder(shown.length());
        for (int i = 0; i < shown.length(); i++) {
            char c = shown.charAt(i);
            if (c != ' ' && c != '\t' && c != '\n' && c != '\f' && c != '\r') {
                text.append(c);
                spaced = false;
            } else if (!spaced) {
                text.append(' ');
                spaced = true;
            }
        }
        if (text.length() > 0) {
            parent.children().add(text);
            open = text;
        }
    }

    /** Of a block: white space before it is not shown, nor that after it. */
    private void edge() {
        StringBuilder before = open;
        if (before != null && before.length() > 0 && before.charAt(before.length() - 1) == ' ') {
            before.setLength(before.length() - 1);
        }
        open = null;
        spaced = true;
    }

    private String script(String raw, Making parent) {
        String type = parent.attributes().getOrDefault("type", "").toLowerCase(Locale.ROOT);
        String text = rules.rails() ? RailsPages.withoutCdata(raw.strip()) : raw.strip();
        String canonical = type.endsWith("json") || type.equals("importmap") ? JsonDocument.canonical(text) : text;
        return rules.rails() ? RailsPages.withoutFingerprints(canonical) : canonical;
    }

    private SortedMap<String, String> attributes(Element element) {
        if (element.attributesSize() == 0) {
            return NO_ATTRIBUTES;
        }
        SortedMap<String, String> attributes = new TreeMap<>();
        for (Attribute attribute : element.attributes()) {
            String name = attribute.getKey().toLowerCase(Locale.ROOT);
            String written = attribute.getValue();
            if (!rules.ignoresAttribute(element, name)
                    && !(rules.rails() && RailsPages.isNoise(element, name, written))) {
                String value = said(name, written);
                if (!value.isEmpty() || !(LISTS_OF_WORDS.contains(name) || name.equals("style") || name.equals("id"))) {
                    attributes.put(name, rules.rails() ? RailsPages.withoutNoise(name, value) : value);
                }
            }
        }
        return attributes;
    }

    private static String said(String name, String value) {
        if (Attribute.isBooleanAttribute(name)) {
            return "";
        }
        if (LISTS_OF_WORDS.contains(name)) {
            return String.join(" ", new TreeSet<>(Arrays.asList(SPACE.split(value.strip()))))
                    .strip();
        }
        if (name.equals("style")) {
            String spelt = AROUND_MARKS.matcher(value.strip()).replaceAll("$1");
            return spelt.endsWith(";") ? spelt.substring(0, spelt.length() - 1) : spelt;
        }
        boolean forScripts = name.startsWith("data-") && (value.startsWith("{") || value.startsWith("["));
        return forScripts ? JsonDocument.canonical(value) : value;
    }
}
