package dev.banyan.controlplane.parity.compare;

import java.nio.charset.StandardCharsets;
import java.time.temporal.ChronoUnit;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jsoup.nodes.Document;
import org.jsoup.nodes.Element;
import org.jspecify.annotations.Nullable;

/** What is new in every page that Rails makes, or made of another build, and says nothing of the page. */
final class RailsPages {
    private static final Set<String> META = Set.of("csrf-token", "csrf-param", "csp-nonce");

    /** Of every form; the second is how Rails before 6 made Internet Explorer send UTF-8. */
    private static final Set<String> INPUTS = Set.of("authenticity_token", "utf8");

    /** Shown once, to whoever comes first. */
    private static final Pattern FLASH = Pattern.compile("(?i)flash(?:es)?(?:[-_]"
            + "(?:messages?|notice|alert|error|success|info|warning|container|wrapper|area|list))?");

    private static final Set<String> FLASH_IDS = Set.of("notice", "alert");

    /**
     * Sprockets has 64 hexadecimal digits, or 32; Propshaft 8; Webpacker and esbuild 20, Vite 8 of base 64; and before all of them came the
     * time of the file, as a query.
     */
    private static final Pattern FINGERPRINT = Pattern.compile(
            "(/(?:assets|packs|packs-test|vite|builds)/[^\"'\\s?#<>]{0,200}?)[-.](?:[0-9a-f]{7,128}|(?=[A-Za-z_-]*[0-9])[A-Za-z0-9_-]{8})"
                    + "(?=(?:\\.digested)?(?:\\.[a-z0-9]{1,6}){1,3}(?:[\"'?#\\s,)]|$))");

    private static final int LONGEST_WITH_FINGERPRINTS = 32_000;

    private static final Pattern FILE_TIME =
            Pattern.compile("(\\.(?:css|js|png|jpe?g|gif|svg|ico|webp))\\?[0-9]{9,11}$");

    /** distance_of_time_in_words, in English; other languages have the time in a {@code <time datetime>}. */
    private static final Pattern TIME_AGO = Pattern.compile(
            "(?i)\\b(?:(?:less than|about|over|almost) )?(?:half an?|an?|[0-9]{1,5}) (?:second|minute|hour|day|week|month|year)s? ago\\b");

    private static final String CDATA = "//<![CDATA[\n";
    private static final String CDATA_END = "//]]>";

    private static final Set<String> NAMES = Set.of("id", "for", "list", "form", "headers");
    private static final String KEY = "(?:[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}"
            + "|(?=[a-f]*[0-9])(?=[0-9]*[a-f])[0-9a-f]{8,64}|[0-9]{9,20})";

    /** What Turbo, Stimulus and editors name elements by, so that no two have the same name. */
    private static final Pattern MADE_NAME = Pattern.compile("(?i)(?<![0-9a-z])" + KEY
            + "(?![0-9a-z])|(?<=(?:turbo|stimulus|trix)[-_](?:[a-z]{1,20}[-_])?)(?=[a-z]{0,20}[0-9])[0-9a-z]{1,20}$");

    private RailsPages() {}

    /** Whether an element says nothing. */
    static boolean isNoise(Element element) {
        if (element.attributesSize() == 0) {
            return false;
        }
        return switch (element.normalName()) {
            case "meta" -> META.contains(element.attr("name").toLowerCase(Locale.ROOT));
            case "input" -> INPUTS.contains(element.attr("name"));
            default ->
                FLASH_IDS.contains(element.id())
                        || isFlash(element.id())
                        || isFlash(element.attr("data-controller"))
                        || element.classNames().stream().anyMatch(RailsPages::isFlash);
        };
    }

    private static boolean isFlash(String name) {
        return FLASH.matcher(name).matches();
    }

    /** Whether an attribute says nothing. */
    static boolean isNoise(Element element, String attribute, String value) {
        return switch (attribute) {
            case "nonce", "integrity" -> true;
            case "signed-stream-name" -> element.normalName().equals("turbo-cable-stream-source");
            // Rails says of each form what the page's own charset says already.
            case "accept-charset" -> value.equalsIgnoreCase("utf-8") && isOfUtf8(element.ownerDocument());
            // Keeps Firefox from putting what was there last time into fields that nobody fills in.
            case "autocomplete" -> value.equals("off") && isInput(element, "hidden");
            // Added to each button that sends a form: what it shows anyway.
            case "data-disable-with" -> isInput(element, "submit") && value.equals(element.attr("value"));
            default -> false;
        };
    }

    private static boolean isOfUtf8(@Nullable Document page) {
        return page != null && page.charset().equals(StandardCharsets.UTF_8);
    }

    private static boolean isInput(Element element, String type) {
        return element.normalName().equals("input") && element.attr("type").equalsIgnoreCase(type);
    }

    /** Whether its words are but another way to say what its attribute does. */
    static boolean saysItsTime(Element element) {
        return element.normalName().equals("time") && element.hasAttr("datetime");
    }

    /** Of a script that {@code javascript_tag} made: from when pages were XHTML. */
    static String withoutCdata(String script) {
        return script.startsWith(CDATA) && script.endsWith(CDATA_END)
                ? script.substring(CDATA.length(), script.length() - CDATA_END.length())
                        .strip()
                : script;
    }

    static String withoutTimesAgo(String text) {
        return text.contains("ago") || text.contains("AGO") || text.contains("Ago")
                ? TIME_AGO.matcher(text).replaceAll("some time ago")
                : text;
    }

    static String withoutFingerprints(String text) {
        return text.indexOf('/') < 0 || text.length() > LONGEST_WITH_FINGERPRINTS
                ? text
                : FILE_TIME.matcher(FINGERPRINT.matcher(text).replaceAll("$1")).replaceAll("$1");
    }

    /** The value of an attribute without what is new in every page. */
    static String withoutNoise(String name, String value) {
        if (name.equals("datetime")) {
            return toTheSecond(value);
        }
        boolean names = NAMES.contains(name)
                || name.startsWith("aria-")
                || name.startsWith("data-turbo")
                || name.startsWith("data-")
                        && (name.endsWith("-id") || name.endsWith("-target") || name.endsWith("-outlet"))
                || value.startsWith("#");
        if (names && value.length() <= 500) {
            Matcher made = MADE_NAME.matcher(value);
            return made.replaceAll("some-name");
        }
        return withoutFingerprints(value);
    }

    /** As {@code time_tag} has it. */
    private static String toTheSecond(String time) {
        return JsonValues.instant(time)
                .map(instant -> instant.truncatedTo(ChronoUnit.SECONDS).toString())
                .orElse(time);
    }
}
