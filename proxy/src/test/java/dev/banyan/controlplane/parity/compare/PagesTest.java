package dev.banyan.controlplane.parity.compare;

import static dev.banyan.controlplane.parity.compare.Answers.answer;
import static org.assertj.core.api.Assertions.assertThat;

import dev.banyan.contract.SeenAnswer;
import dev.banyan.controlplane.parity.compare.Difference.Kind;
import dev.banyan.routing.Route;
import dev.banyan.routing.Route.Shadow;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Pages of two sides: what a browser shows and a script sees is compared, and nothing else. */
class PagesTest {
    private static final CompareRules RAILS = rules(Shadow.Preset.RAILS);
    private static final String ORDERS = """
            <!DOCTYPE html>
            <html><head><title>Orders</title></head>
            <body><h1>Orders</h1>
            <table id="orders"><tr class="order"><td class="amount">10.50</td><td><a class="next" href="/orders/1">one</a></td></tr>
            <tr class="order"><td class="amount">7.00</td><td><a class="next" href="/orders/2">two</a></td></tr></table>
            <p>You have <b>2</b> orders.</p></body></html>
            """;

    private static CompareRules rules(Shadow.Preset preset, String... ignored) {
        Shadow off = Shadow.OFF;
        return CompareRules.of(new Shadow(
                off.share(),
                off.of(),
                off.methods(),
                off.writesAreSafe(),
                off.noise(),
                off.settle(),
                preset,
                Arrays.stream(ignored).map(Route.Ignored::of).toList(),
                off.unordered(),
                Optional.empty(),
                off.anonymous(),
                off.probe(),
                off.readback(),
                true));
    }

    private static SeenAnswer page(String html) {
        return answer(200, html, "Content-Type: text/html; charset=utf-8");
    }

    private static Comparison compared(String legacy, String modern, CompareRules rules) {
        return Comparer.compare(page(legacy), page(modern), rules);
    }

    private static List<String> fields(Comparison comparison) {
        return comparison instanceof Comparison.Different different
                ? different.differences().stream()
                        .map(each -> each.kind() + " " + each.field())
                        .toList()
                : List.of(comparison.word());
    }

    static Stream<Arguments> harmless() {
        return Stream.of(
                same("the order of attributes", "<a href=x title=y>z</a>", "<a title=y href=x>z</a>"),
                same("the order of classes", "<p class='a b'>z</p>", "<p class='b  a'>z</p>"),
                same("a class that is named twice", "<p class='a b a'>z</p>", "<p class='a b'>z</p>"),
                same("no class, and an empty one", "<p class=''>z</p>", "<p>z</p>"),
                same("quotes", "<a href='x'>z</a>", "<a href=\"x\">z</a>"),
                same("the case of tags and attributes", "<P CLASS=a>z</P>", "<p class=a>z</p>"),
                same("indentation", "<ul>\n  <li>a</li>\n  <li>b</li>\n</ul>", "<ul><li>a</li><li>b</li></ul>"),
                same("line breaks in a sentence", "<p>a b\n   c</p>", "<p>a b c</p>"),
                same("space at the edges of a block", "<p> a </p><p>b</p>", "<p>a</p> <p>b</p>"),
                same("space that follows space", "<p>a <b> b</b></p>", "<p>a <b>b</b></p>"),
                same(
                        "end tags that may be left out",
                        "<ul><li>a<li>b</ul><p>c",
                        "<ul><li>a</li><li>b</li></ul><p>c</p>"),
                same("a table's body", "<table><tr><td>a</table>", "<table><tbody><tr><td>a</td></tr></tbody></table>"),
                same("entities", "<p>&eacute; &#8364; &amp; &quot;</p>", "<p>é € &#38; \"</p>"),
                same(
                        "attributes that need no value",
                        "<input disabled checked>",
                        "<input checked=checked disabled=''>"),
                same("void elements", "<br/><img src=a />", "<br><img src=a>"),
                same("comments", "<p>a<!-- b --></p>", "<p>a</p>"),
                same(
                        "the spelling of a style",
                        "<p style='color: red; top:1px'>a</p>",
                        "<p style='color:red;top:1px;'>a</p>"),
                same("head and body, said or not", "<html><head></head><body><p>a</p></body></html>", "<p>a</p>"),
                same(
                        "JSON in a script",
                        "<script type='application/json'>{\"a\":1,\"b\":2}</script>",
                        "<script type='application/json'>{\"b\": 2, \"a\": 1}</script>"),
                same(
                        "JSON in an attribute",
                        "<p data-x-value='{\"a\":1,\"b\":\"\\u003c\"}'>a</p>",
                        "<p data-x-value='{\"b\": \"<\", \"a\": 1}'>a</p>"),
                same("a charset that the head names", "<meta charset=utf-8><p>a</p>", "<p>a</p>"),
                same(
                        "the same as HTML 4 says it",
                        "<meta http-equiv=Content-Type content='text/html; charset=utf-8'><p>a</p>",
                        "<meta charset=utf-8><p>a</p>"));
    }

    static Stream<Arguments> ofRails() {
        return Stream.of(
                same(
                        "the token of forms",
                        "<meta name=csrf-token content=abc><form><input name=authenticity_token value=x></form>",
                        "<meta name=csrf-token content=def><form><input name=authenticity_token value=y></form>"),
                same(
                        "a side without forms of its own",
                        "<meta name=csrf-param content=authenticity_token><meta name=csrf-token content=abc><p>a</p>",
                        "<p>a</p>"),
                same(
                        "nonces",
                        "<meta name=csp-nonce content=abc><script nonce=abc>x()</script>",
                        "<meta name=csp-nonce content=def><script nonce=def>x()</script>"),
                same(
                        "fingerprints of Sprockets",
                        "<link rel=stylesheet href='/assets/application-%s.css'>".formatted("0a1b".repeat(16)),
                        "<link rel=stylesheet href='/assets/application-%s.css'>".formatted("9f8e".repeat(16))),
                same(
                        "fingerprints of Propshaft",
                        "<img src='/assets/logo-1a2b3c4d.svg'>",
                        "<img src='/assets/logo-99aa00ff.svg'>"),
                same(
                        "fingerprints of Webpacker and Vite",
                        "<script src='/packs/js/app-1a2b3c4d5e6f7a8b9c0d.js'></script><script src='/vite/assets/app-Bq3kX9_a.js'></script>",
                        "<script src='/packs/js/app-ffffffffffffffffffff.js'></script><script src='/vite/assets/app-zZ0aa_77.js'></script>"),
                same(
                        "times of files, as old Rails has them",
                        "<img src='/images/logo.png?1600000000'>",
                        "<img src='/images/logo.png?1700000001'>"),
                same(
                        "an import map, and what holds its files together",
                        "<script type=importmap>{\"imports\":{\"application\":\"/assets/application-1a2b3c4d.js\"}}</script>"
                                + "<link href='/assets/a-1a2b3c4d.css' integrity=sha384-a>",
                        "<script type=importmap>{\"imports\": {\"application\": \"/assets/application-99aa00ff.js\"}}</script>"
                                + "<link href='/assets/a-99aa00ff.css' integrity=sha384-b>"),
                same(
                        "names that Turbo makes",
                        "<turbo-cable-stream-source channel=a signed-stream-name=abc--1></turbo-cable-stream-source>"
                                + "<p id='turbo-stream-17'>a</p>",
                        "<turbo-cable-stream-source channel=a signed-stream-name=def--2></turbo-cable-stream-source>"
                                + "<p id='turbo-stream-4711'>a</p>"),
                same(
                        "names that editors and Stimulus make",
                        "<input id=trix-input-1><trix-editor input=x aria-controls='menu-550e8400-e29b-41d4-a716-446655440000'>",
                        "<input id=trix-input-9><trix-editor input=x aria-controls='menu-660e8400-e29b-41d4-a716-446655440001'>"),
                same("how long ago", "<p>Paid 5 minutes ago by Ann</p>", "<p>Paid about 1 hour ago by Ann</p>"),
                same("less than a minute ago", "<p>less than a minute ago</p>", "<p>half a minute ago</p>"),
                same(
                        "the words of a time that is named",
                        "<time datetime=2026-11-30T10:00:00Z>vor 5 Minuten</time>",
                        "<time datetime=2026-11-30T10:00:00Z>vor 6 Minuten</time>"),
                same(
                        "how a time that is named is spelt",
                        "<time datetime=2026-11-30T10:00:00Z>a</time>",
                        "<time datetime=2026-11-30T10:00:00.123+00:00>a</time>"),
                same("a form's charset, which is the page's", "<form accept-charset=UTF-8></form>", "<form></form>"),
                same(
                        "what keeps a browser from filling in what nobody sees",
                        "<form><input type=hidden name=_method value=patch autocomplete=off></form>",
                        "<form><input type=hidden name=_method value=patch></form>"),
                same(
                        "what a button shows while its form is sent, if that is what it shows anyway",
                        "<form><input type=submit value=Save data-disable-with=Save></form>",
                        "<form><input type=submit value=Save></form>"),
                same(
                        "what made a script XHTML",
                        "<script>\n//<![CDATA[\n  x();\n\n//]]>\n</script>",
                        "<script>x();</script>"),
                same(
                        "what is shown once",
                        "<div class='flash notice'>Saved.</div><p id=notice>Saved.</p><p>a</p>",
                        "<p>a</p>"));
    }

    private static Arguments same(String what, String legacy, String modern) {
        return Arguments.of(what, legacy, modern);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource
    void harmless(String what, String legacy, String modern) {
        for (Shadow.Preset preset : Shadow.Preset.values()) {
            assertThat(fields(compared(legacy, modern, rules(preset)))).as(what).containsExactly("matched");
            assertThat(fields(compared(modern, legacy, rules(preset)))).as(what).containsExactly("matched");
        }
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource
    void ofRails(String what, String legacy, String modern) {
        assertThat(fields(compared(legacy, modern, RAILS))).as(what).containsExactly("matched");
        assertThat(fields(compared(modern, legacy, RAILS))).as(what).containsExactly("matched");
        assertThat(fields(compared(legacy, modern, rules(Shadow.Preset.OFF))))
                .as(what + ", and the file says that nothing is known")
                .doesNotContain("matched");
    }

    static Stream<Arguments> differences() {
        return Stream.of(
                changed(">10.50<", ">10.05<", "VALUE table#orders > tbody > tr.order > td.amount"),
                changed(
                        "href=\"/orders/2\"",
                        "href=\"/orders/3\"",
                        "VALUE table#orders > tbody > tr.order > td > a.next @href"),
                changed("<b>2</b>", "<b>3</b>", "VALUE body > p > b"),
                changed("<b>2</b>", "2", "VALUE body > p", "MISSING body > p > b"),
                changed("Orders</title>", "Your orders</title>", "VALUE head > title", "SHAPE head > title"),
                changed("<h1>Orders</h1>", "", "MISSING body > h1"),
                changed("<h1>", "<h1 hidden>", "EXTRA body > h1 @hidden"),
                changed("</h1>", "</h1><p class=promo>Buy!</p>", "EXTRA body > p.promo"),
                changed(
                        "class=\"amount\">7.00",
                        "class=\"sum\">7.00",
                        "VALUE table#orders > tbody > tr.order > td.amount @class",
                        "SHAPE table#orders > tbody > tr.order > td.amount @class"),
                changed(
                        "<tr class=\"order\"><td class=\"amount\">7.00</td><td><a class=\"next\" href=\"/orders/2\">two</a></td></tr>",
                        "",
                        "MISSING table#orders > tbody > tr.order"),
                changed("You have <b>2</b> orders", "You have<b>2</b> orders", "VALUE body > p"));
    }

    private static Arguments changed(String from, String to, String... fields) {
        assertThat(ORDERS).contains(from);
        return Arguments.of(ORDERS.replace(from, to), List.of(fields));
    }

    @ParameterizedTest(name = "{1}")
    @MethodSource
    void differences(String modern, List<String> expected) {
        assertThat(fields(compared(ORDERS, modern, RAILS))).containsExactlyInAnyOrderElementsOf(expected);
    }

    @Test
    void what_moved_is_one_difference_of_order() {
        String modern = ORDERS.replace("<h1>Orders</h1>", "").replace("</body>", "<h1>Orders</h1></body>");

        assertThat(fields(compared(ORDERS, modern, RAILS))).containsExactly("ORDER body");
    }

    @Test
    void white_space_in_a_preformatted_text_is_content() {
        assertThat(fields(compared("<pre>a\n  b</pre>", "<pre>a\n b</pre>", RAILS)))
                .containsExactly("VALUE body > pre");
    }

    @Test
    void each_difference_can_be_ignored_by_the_name_it_is_told_by() {
        String modern = ORDERS.replace(">10.50<", ">10.05<").replace("/orders/2", "/orders/3");

        List<String> named = fields(compared(ORDERS, modern, RAILS)).stream()
                .map(each -> each.split(" ", 2)[1])
                .toList();

        assertThat(named).hasSize(2);
        assertThat(fields(compared(ORDERS, modern, rules(Shadow.Preset.RAILS, named.toArray(String[]::new)))))
                .containsExactly("matched");
        assertThat(fields(compared(ORDERS, modern, rules(Shadow.Preset.RAILS, "td.amount"))))
                .containsExactly("VALUE table#orders > tbody > tr.order > td > a.next @href");
    }

    @Test
    void bytes_are_read_in_the_charset_that_each_side_names() {
        SeenAnswer latin = answer(
                200,
                "<p>\u00e9</p>".getBytes(StandardCharsets.ISO_8859_1),
                "Content-Type: text/html; charset=iso-8859-1");

        Comparison comparison = Comparer.compare(page("<p>\u00e9</p>"), latin, RAILS);

        assertThat(fields(comparison)).containsExactly("VALUE header content-type");
    }

    @Test
    void a_page_of_another_record_is_not_excused_by_what_is_known_of_rails() {
        Comparison comparison = compared(
                "<p id=order_42>42</p><a href=/orders/12345678>x</a>",
                "<p id=order_43>43</p><a href=/orders/12345679>x</a>",
                RAILS);

        assertThat(fields(comparison)).contains("VALUE body > p @id", "VALUE body > p", "VALUE body > a @href");
    }

    static Stream<Arguments> notOfRails() {
        return Stream.of(
                unlike(
                        "another second",
                        "<time datetime=2026-11-30T10:00:00Z>a</time>",
                        "<time datetime=2026-11-30T10:00:01Z>a</time>",
                        "VALUE body > time @datetime"),
                unlike(
                        "another time zone",
                        "<time datetime=2026-11-30T10:00:00Z>a</time>",
                        "<time datetime=2026-11-30T11:00:00+01:00>a</time>",
                        "VALUE body > time @datetime",
                        "SHAPE body > time @datetime"),
                unlike(
                        "a form's charset that is not the page's",
                        "<form accept-charset=iso-8859-1></form>",
                        "<form></form>",
                        "MISSING body > form @accept-charset"),
                unlike(
                        "a field that is not to be filled in",
                        "<input name=pin autocomplete=off>",
                        "<input name=pin>",
                        "MISSING body > input @autocomplete"),
                unlike(
                        "what a button shows while its form is sent",
                        "<input type=submit value=Save data-disable-with=Saving>",
                        "<input type=submit value=Save>",
                        "MISSING body > input @data-disable-with"),
                unlike(
                        "another script",
                        "<script>//<![CDATA[\nx();\n//]]></script>",
                        "<script>y();</script>",
                        "VALUE head > script"));
    }

    private static Arguments unlike(String what, String legacy, String modern, String... fields) {
        return Arguments.of(what, legacy, modern, List.of(fields));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource
    void notOfRails(String what, String legacy, String modern, List<String> expected) {
        assertThat(fields(compared(legacy, modern, RAILS))).as(what).containsExactlyElementsOf(expected);
    }

    static Stream<String> hostile() {
        return Stream.of(
                "<div>".repeat(50_000),
                "<p>".repeat(80_000),
                "<a href='/assets/".repeat(10_000),
                "<p id=" + "a1".repeat(100_000) + ">",
                "<!--" + "-".repeat(200_000),
                "<table>".repeat(10_000) + "<td>".repeat(10_000),
                "&#x110000;\u0000<" + "x".repeat(100_000),
                "<script type=importmap>" + "[".repeat(100_000),
                "<p data-x='" + "[".repeat(100_000) + "'>",
                "5 minutes ago ".repeat(15_000),
                "about about about half half a ".repeat(8_000) + "ago");
    }

    @ParameterizedTest
    @MethodSource
    void hostile(String page) {
        Comparison withOther = compared(page, page + "<p>x</p>", RAILS);
        Comparison withOwn = compared(page, page + " ", RAILS);

        assertThat(List.of(withOther.word(), withOwn.word()))
                .allMatch(
                        word -> List.of("matched", "different", "not-compared").contains(word));
    }

    @Test
    void a_sale_is_no_flash() {
        Comparison comparison = compared("<p class=flash-sale>10%</p>", "<p class=flash-sale>20%</p>", RAILS);

        assertThat(fields(comparison)).containsExactly("VALUE body > p.flash-sale");
        assertThat(((Comparison.Different) comparison).differences().get(0).kind())
                .isEqualTo(Kind.VALUE);
    }
}
