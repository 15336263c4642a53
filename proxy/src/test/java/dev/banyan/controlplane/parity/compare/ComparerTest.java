package dev.banyan.controlplane.parity.compare;

import static dev.banyan.controlplane.parity.compare.Answers.answer;
import static dev.banyan.controlplane.parity.compare.Answers.json;
import static org.assertj.core.api.Assertions.assertThat;

import dev.banyan.contract.SeenAnswer;
import dev.banyan.routing.Route;
import dev.banyan.routing.Route.Shadow;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.LocalDate;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What is a difference, with its field; what is none; and what nobody can tell. */
class ComparerTest {
    private static final CompareRules PLAIN = rules(List.of(), List.of(), Optional.empty(), false);
    private static final String ITEMS = """
            {"total": 2, "items": [{"id": 1, "amount": "10.50", "tags": ["a", "b"]}, {"id": 2, "amount": "7.00", "tags": []}]}""";

    static Stream<Arguments> harmless() {
        return Stream.of(
                same("the order of keys", "{\"a\":1,\"b\":2}", "{\"b\":2,\"a\":1}"),
                same("white space", "{\"a\":[1,2]}", "{ \"a\" : [ 1 , 2 ] }\n"),
                same("zeros behind a number", "{\"a\":1.5}", "{\"a\":1.50}"),
                same("a whole number with a point", "{\"a\":1}", "{\"a\":1.0}"),
                same("an exponent", "{\"a\":100}", "{\"a\":1e2}"),
                same("a decimal as text, as Rails writes it", "{\"a\":\"12.30\"}", "{\"a\":12.3}"),
                same(
                        "milliseconds of a time",
                        "{\"a\":\"2026-01-01T10:00:00.000Z\"}",
                        "{\"a\":\"2026-01-01T10:00:00Z\"}"),
                same(
                        "digits beyond the millisecond",
                        "{\"a\":\"2026-01-01T10:00:00.123Z\"}",
                        "{\"a\":\"2026-01-01T10:00:00.123456Z\"}"),
                same(
                        "the spelling of UTC",
                        "{\"a\":\"2026-01-01T10:00:00Z\"}",
                        "{\"a\":\"2026-01-01T10:00:00+00:00\"}"),
                same("null, or left out", "{\"a\":1,\"b\":null}", "{\"a\":1}"),
                same("left out, or null", "{\"a\":1}", "{\"a\":1,\"b\":null}"),
                same("an escaped letter", "{\"a\":\"\\u00e9\"}", "{\"a\":\"é\"}"),
                same("an escaped slash", "{\"a\":\"\\/x\"}", "{\"a\":\"/x\"}"),
                same("what is escaped for HTML", "{\"a\":\"\\u003cb\\u003e\"}", "{\"a\":\"<b>\"}"),
                same("a mark of the byte order", "{\"a\":1}", "\uFEFF{\"a\":1}"),
                Arguments.of(
                        "the case and order of fields",
                        answer(200, "x", "Content-Type: text/plain", "X-A: 1"),
                        answer(200, "x", "x-a: 1", "content-type: text/plain")),
                Arguments.of(
                        "the charset of JSON",
                        answer(200, "{}", "Content-Type: application/json; charset=utf-8"),
                        answer(200, "{}", "Content-Type: application/json")),
                Arguments.of(
                        "how a charset is written",
                        answer(200, "x", "Content-Type: text/plain; charset=utf-8"),
                        answer(200, "x", "Content-Type: text/plain;charset=\"UTF-8\"")),
                field(
                        "when, and by whom it was sent",
                        "Date: Mon, 30 Nov 2026 12:00:00 GMT\nServer: puma\nVia: 1.1 x",
                        "Date: Mon, 30 Nov 2026 12:00:01 GMT\nServer: vert.x"),
                field("ids and times of the request", "X-Request-Id: 1\nX-Runtime: 0.004", "X-Request-Id: 2"),
                field("a weak entity tag", "ETag: W/\"1\"", "ETag: W/\"2\""),
                field("a weak entity tag, or none", "ETag: W/\"1\"", "X-Runtime: 1"),
                field("how long it is", "Content-Length: 1", "Transfer-Encoding: chunked"),
                field(
                        "the order of directives",
                        "Cache-Control: max-age=0, private, must-revalidate",
                        "Cache-Control: private,must-revalidate,max-age=0"),
                field("fields in two lines", "Vary: Cookie\nVary: Origin", "Vary: Origin, Cookie"),
                field("what a compressing hop adds", "Vary: Accept-Encoding", "X-Runtime: 1"),
                field(
                        "what Rails adds to every answer",
                        "X-Frame-Options: SAMEORIGIN\nX-Content-Type-Options: nosniff\nVary: Accept, X-Requested-With",
                        "X-Runtime: 1"),
                field(
                        "a policy's nonce, and the order of what it says",
                        "Content-Security-Policy: default-src 'self'; script-src 'self' 'nonce-abc+/=='",
                        "Content-Security-Policy: script-src 'nonce-def' 'self';default-src 'self'; script-src *"),
                field(
                        "what is fetched sooner, which the page names, too",
                        "Link: </a?page=2>; rel=next, </assets/a-0a1b2c3d.css>; rel=preload; as=style; nopush,</b.js>; rel=\"preload\"",
                        "Link: </a?page=2>; rel=next"),
                Arguments.of(
                        "that no cache may keep what none would keep",
                        answer(422, "x", "Cache-Control: no-cache"),
                        answer(422, "x")),
                Arguments.of(
                        "what Rails tells who does not follow a redirect",
                        answer(
                                302,
                                redirected("http://a/?b&amp;c"),
                                "Location: http://a/?b&c",
                                "Content-Type: text/html; charset=utf-8",
                                "Cache-Control: no-cache"),
                        answer(302, "", "Location: http://a/?b&c")),
                field(
                        "a session that is sent anew",
                        "Set-Cookie: _money_session=abc; path=/; HttpOnly",
                        "X-Runtime: 1"),
                Arguments.of("a coding", zipped("{\"a\":1}"), json("{\"a\":1}")));
    }

    /** As {@code redirect_to} has it. */
    private static String redirected(String location) {
        return "<html><body>You are being <a href=\"" + location + "\">redirected</a>.</body></html>";
    }

    private static Arguments same(String what, String legacy, String modern) {
        return Arguments.of(what, json(legacy), json(modern));
    }

    private static Arguments field(String what, String legacy, String modern) {
        return Arguments.of(what, answer(200, "x", legacy.split("\n")), answer(200, "x", modern.split("\n")));
    }

    private static SeenAnswer zipped(String body) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (GZIPOutputStream out = new GZIPOutputStream(bytes)) {
            out.write(body.getBytes(StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
        return answer(200, bytes.toByteArray(), "Content-Type: application/json", "Content-Encoding: gzip");
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource
    void harmless(String what, SeenAnswer legacy, SeenAnswer modern) {
        assertThat(Comparer.compare(legacy, modern, PLAIN)).as(what).isEqualTo(new Comparison.Matched());
        assertThat(Comparer.compare(modern, legacy, PLAIN))
                .as(what + ", reversed")
                .isEqualTo(new Comparison.Matched());
    }

    static Stream<Arguments> differences() {
        return Stream.of(
                differ("a rounded amount", ITEMS.replace("10.50", "10.51"), "$.items[*].amount VALUE"),
                differ("a field that is missing", ITEMS.replace(", \"tags\": []", ""), "$.items[*].tags MISSING"),
                differ(
                        "a field that nobody asked for",
                        ITEMS.replace("\"total\"", "\"debug\": {\"a\": 1}, \"total\""),
                        "$.debug EXTRA"),
                differ("null for a value", ITEMS.replace("\"10.50\"", "null"), "$.items[*].amount TYPE"),
                differ(
                        "another amount, as a number where Rails has a text",
                        ITEMS.replace("\"10.50\"", "10.51"),
                        "$.items[*].amount VALUE"),
                differ(
                        "a number for a text that is none",
                        ITEMS.replace("\"a\", \"b\"", "\"a\", 7"),
                        "$.items[*].tags[*] TYPE"),
                differ("another type", ITEMS.replace("\"total\": 2", "\"total\": [2]"), "$.total TYPE"),
                differ("the order of a list", ITEMS.replace("\"a\", \"b\"", "\"b\", \"a\""), "$.items[*].tags ORDER"),
                differ("the order of objects", """
                        {"total": 2, "items": [{"id": 2, "amount": "7.00", "tags": []}, {"id": 1, "amount": "10.50", "tags": ["a", "b"]}]}""", "$.items ORDER"),
                differ("an element too few", ITEMS.replace("\"a\", \"b\"", "\"a\""), "$.items[*].tags LENGTH"),
                differ(
                        "another page",
                        ITEMS.replace("\"id\": 2", "\"id\": 3"),
                        "$.items[*] MISSING",
                        "$.items[*] EXTRA"),
                differ(
                        "a doubled item",
                        ITEMS.replace("}]}", "}, {\"id\": 2, \"amount\": \"7.00\", \"tags\": []}]}"),
                        "$.items LENGTH"),
                differ(
                        "the case of a key",
                        ITEMS.replace("\"total\"", "\"Total\""),
                        "$.Total EXTRA",
                        "$.total MISSING"),
                differ(
                        "a double escape",
                        ITEMS.replace("\"a\", \"b\"", "\"\\\\u0061\", \"b\""),
                        "$.items[*].tags[*] VALUE"),
                differ("half a body", ITEMS.substring(0, 30), "body MALFORMED"),
                differ(
                        "bytes that are no UTF-8",
                        json(ITEMS),
                        answer(200, new byte[] {'"', (byte) 0xE9, '"'}, "Content-Type: application/json"),
                        "body MALFORMED"),
                differ(
                        "a large number that lost digits",
                        json("{\"id\":9007199254740993}"),
                        json("{\"id\":9007199254740992}"),
                        "$.id VALUE"),
                differ(
                        "a time in another zone",
                        json("{\"at\":\"2026-01-01T10:00:00Z\"}"),
                        json("{\"at\":\"2026-01-01T12:00:00+02:00\"}"),
                        "$.at VALUE"),
                differ(
                        "another status",
                        json("{}"),
                        answer(404, "{}", "Content-Type: application/json"),
                        "status VALUE"),
                differ(
                        "another type of content",
                        answer(200, "{}", "Content-Type: application/json"),
                        answer(200, "{}", "Content-Type: text/html"),
                        "header content-type VALUE"),
                differ(
                        "a field of the head that is lost",
                        answer(200, "x", "X-Total-Count: 2"),
                        answer(200, "x"),
                        "header x-total-count MISSING"),
                differ(
                        "what caches may keep",
                        answer(200, "x", "Cache-Control: private, max-age=0"),
                        answer(200, "x", "Cache-Control: public, max-age=60"),
                        "header cache-control VALUE"),
                differ(
                        "a redirect that browsers keep for good",
                        answer(301, "", "Location: http://a/x", "Cache-Control: no-cache"),
                        answer(301, "", "Location: http://a/x"),
                        "header cache-control MISSING"),
                differ(
                        "a redirect that browsers keep for a while",
                        answer(302, "", "Location: http://a/x", "Cache-Control: no-cache"),
                        answer(302, "", "Location: http://a/x", "Cache-Control: max-age=60"),
                        "header cache-control EXTRA"),
                differ(
                        "a redirect to another place",
                        answer(302, redirected("http://a/x"), "Location: http://a/x", "Content-Type: text/html"),
                        answer(302, "", "Location: http://a/y"),
                        "header location VALUE"),
                differ(
                        "a redirect that says something",
                        answer(302, redirected("http://a/x"), "Location: http://a/x", "Content-Type: text/html"),
                        answer(302, "<p>x</p>", "Location: http://a/x", "Content-Type: text/plain"),
                        "header content-type VALUE"),
                differ(
                        "a policy that lets in more",
                        answer(200, "x", "Content-Security-Policy: script-src 'self' 'nonce-a'"),
                        answer(200, "x", "Content-Security-Policy: script-src 'self' 'unsafe-inline'"),
                        "header content-security-policy VALUE"),
                differ(
                        "a policy whose first word on something is another",
                        answer(200, "x", "Content-Security-Policy: script-src 'none'; script-src *"),
                        answer(200, "x", "Content-Security-Policy: script-src *; script-src 'none'"),
                        "header content-security-policy VALUE"),
                differ(
                        "a link to the next page that is lost beside others",
                        answer(200, "x", "Link: </b.js>; rel=preload; as=script, </a?page=2>; rel=next"),
                        answer(200, "x"),
                        "header link MISSING"),
                differ(
                        "a link to another host",
                        answer(200, "x", "Link: <http://a/x>; rel=next"),
                        answer(200, "x", "Link: <http://b/x>; rel=next"),
                        "header link VALUE"),
                differ(
                        "a cookie that scripts may read",
                        answer(200, "x", "Set-Cookie: a=1; HttpOnly"),
                        answer(200, "x", "Set-Cookie: a=1"),
                        "header set-cookie VALUE"),
                differ(
                        "other bytes",
                        answer(200, "x", "Content-Type: text/csv"),
                        answer(200, "y", "Content-Type: text/csv"),
                        "body VALUE"));
    }

    private static Arguments differ(String what, String modern, String... fields) {
        return differ(what, json(ITEMS), json(modern), fields);
    }

    private static Arguments differ(String what, SeenAnswer legacy, SeenAnswer modern, String... fields) {
        return Arguments.of(what, legacy, modern, List.of(fields));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource
    void differences(String what, SeenAnswer legacy, SeenAnswer modern, List<String> fields) {
        assertThat(found(Comparer.compare(legacy, modern, PLAIN))).as(what).isEqualTo(fields);
    }

    /** Without how a value looks, which counts only where the value itself is noise. */
    private static List<String> found(Comparison comparison) {
        return comparison instanceof Comparison.Different different
                ? different.differences().stream()
                        .filter(difference -> difference.kind() != Difference.Kind.SHAPE)
                        .map(difference -> difference.field() + " " + difference.kind())
                        .toList()
                : List.of(comparison.toString());
    }

    static Stream<Arguments> shapes() {
        return Stream.of(
                Arguments.of("two clocks", "2026-01-01T10:00:00Z", "2026-02-03T11:12:13Z", true),
                Arguments.of("a clock in another zone", "2026-01-01T10:00:00Z", "2026-02-03T11:12:13+01:00", false),
                Arguments.of("two tokens", "9f8e7d6c5b4a", "0a1b2c3d4e5f", true),
                Arguments.of("a token that is cut short", "9f8e7d6c5b4a", "0a1b2c3d", false),
                Arguments.of("a token of other letters", "9f8e7d6c5b4a", "0A1B2C3D4E5F", false),
                Arguments.of("a token beyond hexadecimal", "9f8e7d6c5b4a", "xyzzyxyzzyxy", false),
                Arguments.of("two sentences", "Buy a green hat", "Buy red shoes now", true));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource
    void shapes(String what, String legacy, String modern, boolean alike) {
        Comparison comparison =
                Comparer.compare(json("{\"a\":\"" + legacy + "\"}"), json("{\"a\":\"" + modern + "\"}"), PLAIN);

        assertThat(((Comparison.Different) comparison).differences())
                .extracting(Difference::kind)
                .as(what)
                .isEqualTo(
                        alike ? List.of(Difference.Kind.VALUE) : List.of(Difference.Kind.VALUE, Difference.Kind.SHAPE));
    }

    @Test
    void a_field_of_the_head_can_be_ignored_and_anything_until_a_day() {
        CompareRules rules = CompareRules.of(shadow(
                List.of(
                        Route.Ignored.of("header X-Total"),
                        new Route.Ignored("$.a", Optional.of(LocalDate.of(2027, 1, 31)), Optional.of("MON-12"))),
                List.of(),
                Optional.empty(),
                false));
        SeenAnswer legacy = answer(200, "{\"a\":1}", "Content-Type: application/json", "X-Total: 1");
        SeenAnswer modern = answer(200, "{\"a\":2}", "Content-Type: application/json");

        assertThat(Comparer.compare(legacy, modern, rules.on(LocalDate.of(2027, 1, 31))))
                .isEqualTo(new Comparison.Matched());
        assertThat(found(Comparer.compare(legacy, modern, rules.on(LocalDate.of(2027, 2, 1)))))
                .containsExactly("$.a VALUE");
    }

    @Test
    void a_digest_of_content_is_the_same_for_what_says_the_same() {
        CompareRules rules = rules(List.of("$.at"), List.of("$.tags"), Optional.empty(), false);
        long digest = ContentDigest.of(json("{\"at\":1,\"tags\":[1,2],\"a\":{\"b\":[3,4]}}"), rules);

        assertThat(ContentDigest.of(json("{\"a\":{\"b\":[3,4]},\"tags\":[2,1],\"at\":2,\"c\":null}"), rules))
                .isEqualTo(digest);
        for (String other : List.of(
                "{\"at\":1,\"tags\":[1,2],\"a\":{\"b\":[4,3]}}",
                "{\"at\":1,\"tags\":[1,3],\"a\":{\"b\":[3,4]}}",
                "{\"at\":1,\"tags\":[1,2],\"a\":{\"b\":[3,\"4\"]}}",
                "{\"at\":1,\"tags\":[1,2],\"a\":{\"c\":[3,4]}}",
                "[1]",
                "not JSON")) {
            assertThat(ContentDigest.of(json(other), rules)).as(other).isNotEqualTo(digest);
        }
    }

    @Test
    void what_is_ignored_is_not_looked_at_nor_what_lies_below() {
        CompareRules rules =
                rules(List.of("$.items[*].amount", "$..tags", "$.meta"), List.of(), Optional.empty(), false);

        assertThat(Comparer.compare(
                        json(ITEMS),
                        json(ITEMS.replace("10.50", "1")
                                .replace("\"b\"", "\"c\"")
                                .replace("{\"total\"", "{\"meta\":{\"x\":[1]},\"total\"")),
                        rules))
                .isEqualTo(new Comparison.Matched());
    }

    @Test
    void in_an_unordered_list_an_item_that_moved_is_none_and_one_that_changed_is_one_difference() {
        String three = "{\"l\":[{\"k\":1,\"v\":1},{\"k\":2,\"v\":2},{\"k\":3,\"v\":3}]}";
        String moved = "{\"l\":[{\"k\":3,\"v\":3},{\"k\":1,\"v\":1},{\"k\":2,\"v\":2}]}";
        CompareRules byKey = rules(List.of(), List.of("$.l by k"), Optional.empty(), false);
        CompareRules asBag = rules(List.of(), List.of("$.l"), Optional.empty(), false);

        assertThat(Comparer.compare(json(three), json(moved), byKey)).isEqualTo(new Comparison.Matched());
        assertThat(Comparer.compare(json(three), json(moved), asBag)).isEqualTo(new Comparison.Matched());
        assertThat(found(Comparer.compare(json(three), json(moved), PLAIN))).containsExactly("$.l ORDER");
        assertThat(found(Comparer.compare(json(three), json(moved.replace("\"v\":2", "\"v\":9")), byKey)))
                .containsExactly("$.l[*].v VALUE");
        assertThat(found(Comparer.compare(json(three), json(moved.replace("\"v\":2", "\"v\":9")), asBag)))
                .containsExactly("$.l[*].v VALUE");
    }

    @Test
    void numbers_may_lie_as_far_apart_as_the_file_says() {
        CompareRules rules = rules(List.of(), List.of(), Optional.of(0.01), false);

        assertThat(Comparer.compare(json("{\"a\":1.00}"), json("{\"a\":1.01}"), rules))
                .isEqualTo(new Comparison.Matched());
        assertThat(found(Comparer.compare(json("{\"a\":1.00}"), json("{\"a\":1.02}"), rules)))
                .containsExactly("$.a VALUE");
    }

    @Test
    void values_are_kept_only_where_the_file_says_so() {
        SeenAnswer modern = json(ITEMS.replace("10.50", "10.51"));

        assertThat(Comparer.compare(json(ITEMS), modern, PLAIN).toString())
                .doesNotContain("10.5")
                .contains("text of 5");
        assertThat(Comparer.compare(json(ITEMS), modern, rules(List.of(), List.of(), Optional.empty(), true))
                        .toString())
                .contains("\"10.50\"", "\"10.51\"");
    }

    @Test
    void names_that_are_keys_are_one_field() {
        assertThat(found(Comparer.compare(
                        json("{\"by\":{\"4711\":{\"a\":1},\"4712\":{\"a\":1}}}"),
                        json("{\"by\":{\"4711\":{\"a\":2},\"4712\":{\"a\":2}}}"),
                        PLAIN)))
                .containsExactly("$.by.*.a VALUE");
    }

    static Stream<Arguments> nobodyCanTell() {
        return Stream.of(
                Arguments.of(new SeenAnswer(200, List.of(), new byte[0], "truncated", 0), json("{}"), "truncated"),
                Arguments.of(json("{}"), answer(304, ""), "conditional"),
                Arguments.of(answer(206, ""), json("{}"), "conditional"),
                Arguments.of(json("{}"), answer(429, ""), "rate-limited"),
                Arguments.of(answer(200, "x", "Content-Encoding: zstd"), answer(200, "y"), "encoding"),
                Arguments.of(answer(200, "x", "Content-Encoding: gzip"), answer(200, "y"), "encoding"),
                Arguments.of(answer(200, "x", "Content-Encoding: br"), answer(200, "y"), "encoding"),
                Arguments.of(
                        brotli("m///X/glQOKxQCD3/gs="),
                        answer(200, "{}", "Content-Type: application/json"),
                        "too-large"),
                Arguments.of(json("[".repeat(100_000)), json("[]"), "too-deep"),
                Arguments.of(json("[" + "9".repeat(100_000) + "]"), json("[]"), "too-deep"),
                Arguments.of(bomb(), json("[]"), "too-large"));
    }

    private static SeenAnswer brotli(String base64) {
        return answer(
                200, Base64.getDecoder().decode(base64), "Content-Type: application/json", "Content-Encoding: br");
    }

    @Test
    void brotli_is_read() {
        SeenAnswer coded = brotli("GzQAIBwHdiyzjSCYdm+FESq9RWK29qZOV1+xkIFDTgROXxZggJXikg2NiOvJTKIFs/vqBg==");

        assertThat(Comparer.compare(
                        coded, json("{\"items\":[{\"text\":\"hello hello hello hello\",\"id\":1}]}"), PLAIN))
                .isEqualTo(new Comparison.Matched());
        assertThat(found(Comparer.compare(coded, json("{\"items\":[{\"text\":\"hello\",\"id\":1}]}"), PLAIN)))
                .containsExactly("$.items[*].text VALUE");
    }

    private static SeenAnswer bomb() {
        return zipped(" ".repeat(5 << 20));
    }

    @ParameterizedTest(name = "{2}")
    @MethodSource
    void nobodyCanTell(SeenAnswer legacy, SeenAnswer modern, String why) {
        assertThat(Comparer.compare(legacy, modern, PLAIN)).isEqualTo(new Comparison.NotCompared(why));
    }

    @Test
    void hostile_lists_take_no_time_worth_mentioning_and_no_more_than_fifty_differences_are_kept() {
        String many = Stream.iterate(0, n -> n + 1)
                .limit(20_000)
                .map(n -> "{\"a\":" + n + "}")
                .reduce((a, b) -> a + "," + b)
                .orElseThrow();
        String others = many.replace("\"a\":", "\"a\":1");
        String names = Stream.iterate(0, n -> n + 1)
                .limit(20_000)
                .map(n -> "\"n" + Integer.toString(n, 36) + "x\":1")
                .reduce((a, b) -> a + "," + b)
                .orElseThrow();

        Comparison lists = Comparer.compare(json("[" + many + "]"), json("[" + others + "]"), PLAIN);
        Comparison bags = Comparer.compare(
                json("[" + many + "]"),
                json("[" + others + "]"),
                rules(List.of(), List.of("$"), Optional.empty(), false));
        Comparison members = Comparer.compare(json("{" + names + "}"), json("{}"), PLAIN);

        assertThat(found(lists)).containsExactly("$[*].a VALUE");
        assertThat(bags).isEqualTo(new Comparison.NotCompared("too-large"));
        assertThat(found(members)).hasSize(50);
        assertThat(((Comparison.Different) members).more()).isTrue();
    }

    private static CompareRules rules(
            List<String> ignore, List<String> unordered, Optional<Double> tolerance, boolean values) {
        return CompareRules.of(shadow(ignore.stream().map(Route.Ignored::of).toList(), unordered, tolerance, values));
    }

    private static Shadow shadow(
            List<Route.Ignored> ignore, List<String> unordered, Optional<Double> tolerance, boolean values) {
        Shadow off = Shadow.OFF;
        return new Shadow(
                off.share(),
                off.of(),
                off.methods(),
                off.writesAreSafe(),
                off.noise(),
                off.settle(),
                off.preset(),
                ignore,
                unordered,
                tolerance,
                off.anonymous(),
                off.probe(),
                off.readback(),
                values);
    }
}
