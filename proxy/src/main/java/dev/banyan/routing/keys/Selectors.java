package dev.banyan.routing.keys;

import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * CSS selectors, as far as they are taken: what says where an element lies and what it bears; nothing that searches its text or its
 * children, which could cost anything. An attribute of the element may follow: {@code a.next @href}.
 */
final class Selectors {
    private static final String NAME = "-?[A-Za-z_][A-Za-z0-9_-]*";
    private static final String PART = "([.#]" + NAME + "|\\[" + NAME + "([*^$]?=(\"[^\"\\[\\]]*\"|[A-Za-z0-9_-]+))?]"
            + "|:(first-child|last-child|nth-child\\([1-9][0-9]{0,3}\\)))";
    private static final String ELEMENT = "(([A-Za-z][A-Za-z0-9-]*|\\*)" + PART + "*|" + PART + "+)";

    static final String PATTERN = ELEMENT + "(( [>+~] | )" + ELEMENT + ")*( @[A-Za-z_:][A-Za-z0-9_:.-]*)?";

    /** What a path in JSON without its root looks like. */
    private static final Pattern LIKE_JSON = Pattern.compile("[A-Za-z][A-Za-z0-9-]*(\\.[A-Za-z_][A-Za-z0-9_-]*)*");

    /** Tags that no member of JSON is called by, and whose lone name means an element. */
    private static final Set<String> TAGS = Set.of(
            ("a article aside blockquote body br button canvas caption cite col colgroup dd del details dialog div dl dt"
                            + " em fieldset figcaption figure footer h1 h2 h3 h4 h5 h6 head header hr html i iframe img input ins kbd"
                            + " label legend li main mark menu meta nav noscript ol optgroup option p pre q s samp script section select"
                            + " small span strong style sub sup svg table tbody td template textarea tfoot th thead time tr u ul var")
                    .split(" "));

    private Selectors() {}

    /**
     * Whether it can only be a selector: {@code items.id} is a path without its root, {@code header e tag} no field of the head.
     *
     * @param text that has the {@link #PATTERN}
     */
    static boolean isMeant(String text) {
        if (text.startsWith("header ") && ">+~".indexOf(text.charAt("header ".length())) < 0) {
            return false;
        }
        if (!LIKE_JSON.matcher(text).matches()) {
            return true;
        }
        String first = text.split("\\.", 2)[0].toLowerCase(Locale.ROOT);
        return TAGS.contains(first) && text.indexOf('.') > 0 || first.equals("body") || first.indexOf('-') > 0;
    }
}
