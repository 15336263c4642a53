package dev.banyan.rails;

import java.util.List;
import java.util.Locale;
import java.util.Random;

/** Known requests, and ways to spell them that somebody may or may not take for the same. */
public final class Spellings {
    private static final List<String> KNOWN = List.of(
            "GET /api/accounts",
            "GET /api/accounts/7",
            "GET /api/transactions",
            "POST /api/transactions",
            "GET /api/transactions/42",
            "PATCH /api/transactions/42",
            "PUT /api/transactions/42",
            "DELETE /api/transactions/42",
            "GET /api/transactions/42/edit",
            "GET /api/transactions/search",
            "GET /api/transactions/42/notes",
            "POST /api/transactions/42/notes",
            "GET /api/transactions/42/notes/1",
            "GET /files",
            "GET /files/a/b.txt",
            "DELETE /files/a",
            "GET /packages/rack",
            "PATCH /packages/rack-2.2.22",
            "GET /hooks/x",
            "PUT /hooks/x",
            "GET /pages/1",
            "GET /en/pages/1",
            "GET /fr/pages/1",
            "GET /orders/7",
            "DELETE /orders/7",
            "GET /reports/2026",
            "GET /reports/2026/11",
            "GET /reports/2026/11/22",
            "GET /go/https://x.test/api/transactions/42",
            "GET /old/42",
            "GET /nowhere",
            "GET /");

    private static final List<String> ENDS = List.of(
            ".json",
            ".xml",
            ".html",
            ".JSON",
            ".pdf",
            ".json.gz",
            ".",
            "..",
            "..json",
            ".json.",
            ".json/",
            ".json//",
            ".a%2Eb",
            ".%2e",
            "%2Ejson",
            "%2ejson",
            ".%6Ason",
            ".j%73on",
            "/",
            "//",
            "/.",
            "/..",
            "/.json",
            "%2F",
            "%2f",
            "/%2e",
            ";x=1",
            ";",
            "%3Bx",
            ".json;x=1",
            "%20",
            "+",
            "%0A",
            "%0a.json",
            "\u00e9",
            "%C3%A9",
            "%FF",
            "|",
            "~",
            "%7E",
            "!",
            "%zz",
            "%",
            "%00",
            "%5c",
            "#x",
            "?a=b",
            "?",
            "?_method=DELETE",
            "?format=xml",
            ".json?x=/api/accounts");

    private static final List<String> INSERTS = List.of(
            "/",
            "//",
            "/.",
            "/./",
            "/..",
            "/x/..",
            "/x/%2e%2e",
            "/%2e",
            "/%2E%2e/x",
            ".json",
            "%2F",
            "%2f",
            ";x",
            "/..;",
            "%5C",
            "%252e",
            "%25",
            "*",
            "/*",
            ":id",
            "%3f",
            "%23");

    private static final List<String> SEGMENTS =
            List.of("42", "search", "1.2", ".json", ".", "..", "", "a.b.json", "new", "%2Ejson", "4%32", "edit", "4 2");

    private static final List<String> METHODS =
            List.of("HEAD", "OPTIONS", "GET", "POST", "PUT", "PATCH", "DELETE", "TRACE", "LINK", "PROPFIND");

    private final Random random;
    private final Forms forms;

    public Spellings(long seed) {
        random = new Random(seed);
        forms = new Forms(random);
    }

    public Asked next() {
        String[] known = pick(KNOWN).split(" ", 2);
        String path = known[1];
        for (int changes = random.nextInt(2) * random.nextInt(4); changes > 0; changes--) {
            path = changed(path);
        }
        path = path.startsWith("/") ? path : "/" + path;
        return withMethod(known[0], random.nextInt(20) == 0 ? "http://shop.test" + path : path);
    }

    private String changed(String path) {
        return switch (random.nextInt(9)) {
            case 0, 1, 2 -> path + pick(ENDS);
            case 3 -> insertedAtSlash(path);
            case 4 -> escapedSomewhere(path);
            case 5 -> segmentReplaced(path);
            case 6 -> caseChanged(path);
            case 7 -> prefixed(path);
            default -> path + "/" + pick(SEGMENTS).replace(" ", "%20");
        };
    }

    private String insertedAtSlash(String path) {
        int slash = path.indexOf('/', random.nextInt(path.length()));
        int at = slash < 0 ? path.length() : slash;
        return path.substring(0, at) + pick(INSERTS) + path.substring(at);
    }

    private String escapedSomewhere(String path) {
        int at = 1 + random.nextInt(path.length());
        if (at >= path.length() || path.charAt(at) > 0x7F) {
            return path;
        }
        String escape = (random.nextBoolean() ? "%%%02X" : "%%%02x").formatted((int) path.charAt(at));
        return path.substring(0, at) + escape + path.substring(at + 1);
    }

    private String segmentReplaced(String path) {
        String[] segments = path.split("/", -1);
        segments[random.nextInt(segments.length)] = pick(SEGMENTS);
        String replaced = String.join("/", segments).replace(" ", "%20");
        return replaced.startsWith("/") ? replaced : "/" + replaced;
    }

    private String caseChanged(String path) {
        int at = random.nextInt(path.length());
        return path.substring(0, at) + Character.toUpperCase(path.charAt(at)) + path.substring(at + 1);
    }

    private String prefixed(String path) {
        return switch (random.nextInt(3)) {
            case 0 -> "//shop.test" + path;
            case 1 -> "/." + path;
            default -> "/" + path;
        };
    }

    private Asked withMethod(String method, String path) {
        Asked asked = new Asked(method, path, List.of(), null);
        return switch (random.nextInt(8)) {
            case 0 -> asked.withLine(pick(METHODS), path);
            case 1, 2 -> overridden(asked, method);
            case 3 -> forms.urlencoded(maybeOverridden(asked.withLine("POST", path)), method);
            case 4 -> forms.multipart(maybeOverridden(asked.withLine("POST", path)), method);
            default -> asked;
        };
    }

    private Asked maybeOverridden(Asked asked) {
        return random.nextInt(5) == 0 ? asked.withHeader("X-HTTP-Method-Override", pick(METHODS)) : asked;
    }

    private Asked overridden(Asked asked, String method) {
        String wire = random.nextInt(5) == 0 ? pick(METHODS) : "POST";
        String verb = random.nextInt(4) == 0 ? pick(METHODS) : method;
        String value = switch (random.nextInt(7)) {
            case 0 -> verb.toLowerCase(Locale.ROOT);
            case 1 -> verb.charAt(0) + verb.substring(1).toLowerCase(Locale.ROOT);
            case 2 -> verb + ", " + verb;
            case 3 -> random.nextBoolean() ? "" : "FOO";
            default -> verb;
        };
        String name = random.nextInt(8) == 0 ? "x-http-method-OVERRIDE" : "X-HTTP-Method-Override";
        Asked changed = asked.withLine(wire, asked.target()).withHeader(name, value);
        changed = random.nextInt(8) == 0 ? changed.withHeader(name, pick(METHODS)) : changed;
        return random.nextBoolean() ? changed.withHeader("Content-Type", "application/json") : changed;
    }

    private String pick(List<String> from) {
        return from.get(random.nextInt(from.size()));
    }
}
