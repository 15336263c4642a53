package dev.banyan.rails;

import static org.assertj.core.api.Assertions.assertThat;

import dev.banyan.contract.SeenAnswer;
import dev.banyan.contract.ShadowPair;
import dev.banyan.controlplane.parity.compare.CompareRules;
import dev.banyan.controlplane.parity.compare.Comparer;
import dev.banyan.controlplane.parity.compare.Comparison;
import dev.banyan.controlplane.parity.compare.Difference.Kind;
import dev.banyan.rails.JavaShop.Said;
import dev.banyan.rails.JavaShop.Slip;
import dev.banyan.rails.RailsServer.Running;
import dev.banyan.routing.Route;
import dev.banyan.testing.Await;
import dev.banyan.testing.RawClient;
import dev.banyan.testing.ShadowedEdge;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Real Rails and a Java service of the same orders, both asked by way of a real Banyan: what each writes in its own way is no difference, and
 * what the service gets wrong is one, named by its field.
 */
class RailsParityTest {
    @RegisterExtension
    static final RailsServer SHOP = RailsServer.shop();

    private static final String USER = "X-User-Id: 7";
    private static final String ROUTE = """
            match: [ GET /**, POST /** ]
            formats: [ json ]
            writes: legacy
            stick-by: [ header:X-User-Id ]
            shadow: { share: 100%, preset: rails, noise: off, values: true }
            """;
    private static final CompareRules RULES = CompareRules.of(route().shadow());

    private static Route route() {
        return Objects.requireNonNull(
                ShadowedEdge.table(1, 1, 2, ROUTE).base().routes().get("orders"));
    }

    private static ShadowPair asked(Running rails, Slip slip, String method, String target, String... fields)
            throws IOException {
        try (JavaShop modern = new JavaShop(slip);
                ShadowedEdge edge = ShadowedEdge.before(rails.port(), modern.port(), ROUTE)) {
            edge.send(method, target, fields);
            return edge.pair();
        }
    }

    private static Comparison compared(ShadowPair pair) {
        return Comparer.compare(pair.legacy(), pair.modern(), RULES);
    }

    private static String body(SeenAnswer answer) {
        return new String(answer.body(), StandardCharsets.UTF_8);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/orders",
                "/orders/1",
                "/orders/2",
                "/orders/4",
                "/orders.json",
                "/orders/1.json",
                "/orders/2.json",
                "/orders/latest",
                "/orders/3",
                "/orders/3.json",
                "/old/1",
                "/login"
            })
    void both_say_the_same(String target, Running rails) throws IOException {
        for (String method : List.of("GET", "HEAD")) {
            ShadowPair pair = asked(rails, Slip.NONE, method, target, USER);

            assertThat(compared(pair)).as(method).isEqualTo(new Comparison.Matched());
        }
    }

    static Stream<Arguments> harmless() {
        return Stream.of(
                inTheList("indentation", "\n    <main id=\"content\">\n      <h1>", "\n<main id=\"content\">\n<h1>"),
                inTheList(
                        "the order of attributes",
                        "class=\"number\" title=\"Order 2026-0001\" href=",
                        " title=\"Order 2026-0001\" class=\"number\""),
                inTheList("the order of classes", "class=\"order paid\"", "class=\"paid order\""),
                inTheList("quotes, and none", "id=\"orders\" class=\"list wide\"", "class='wide list' id=orders"),
                inTheList("void elements", "<img [^>]*/>", "<img [^>]*\">"),
                inTheList("attributes that need no value", "disabled=\"disabled\"", " disabled>"),
                inTheOrder("which option is chosen", "selected=\"selected\" value", "value=\"courier\" selected>"),
                inTheList("end tags that may be left out", "<th>Number</th>", "<th>Number<th>"),
                inTheList("head and body, said or not", "</body>\\s*</html>", "</script>\\s*<body>"),
                inTheList("the case of tags", "<nav class", "<NAV class"),
                inTheList("the case of the doctype", "<!DOCTYPE html>", "<!doctype html>"),
                inTheList("comments", "</main>\\s*<footer>", "</main>\\s*<!-- Of the price service. -->"),
                inTheList("a dash by its name", "orders &mdash;", "orders —"),
                inTheList("a space that does not break", "in&nbsp;all", "in\u00a0all"),
                inTheList("a letter by its number", "Terms &amp; conditions", "Terms &#38; conditions"),
                inTheList("an ampersand in a link", "lang=en&amp;print=1", "lang=en&print=1"),
                inTheOrder(
                        "quotes in a text", "class=\"note\">Leave it at Zoë&#39;s", "class=\"note\">Leave it at Zoë's"),
                inTheOrder("a line break where a text area begins", "<textarea [^>]*>\nLeave", "<textarea [^>]*>Leave"),
                inTheOrder("the order of what a script reads", "\\{&quot;id&quot;:1,", "\"counts\":\\[1,3],\"id\":1}"),
                inTheList("the charset that the head names", "<head>\\s*<title>", "<meta charset=utf-8>"));
    }

    static Stream<Arguments> ofRails() {
        String uuid = "[0-9a-f-]{36}\"";
        return Stream.of(
                inTheList("fingerprints of assets", "application-[0-9a-f]{64}\\.css", "application-[0-9a-f]{8}\\.css"),
                inTheList(
                        "the meta tags of forgery protection", "<meta name=\"csrf-token\"", "<html lang=en>\\s*<meta"),
                inTheOrder(
                        "the token of a form",
                        "\"authenticity_token\" value=\"[\\w-]{86}\"",
                        "\"authenticity_token\" value=\"" + uuid),
                inTheList("nonces", "<script nonce=\"[\\w+/]{22}==\"", "<script nonce=\"" + uuid),
                inTheList("the words of a time", "January 05, 2026 09:30", "5 Jan 2026"),
                inTheList("fractions of a second", "\"2026-01-05T09:30:15Z\"", "\"2026-01-05T09:30:15.123Z\""),
                inTheList("how long ago", "as of 4 minutes ago", "as of less than a minute ago"),
                inTheList("what made a script XHTML", "//<!\\[CDATA\\[", "\">window.currency"),
                inTheOrder("a form's charset", "accept-charset=\"UTF-8\"", "class=\"edit\">\n"),
                inTheOrder("what keeps a browser from filling in", "autocomplete=\"off\"", "value=\"patch\">"),
                inTheOrder(
                        "what a button shows while its form is sent", "data-disable-with=\"Save\"", "value=\"Save\">"));
    }

    private static Arguments inTheList(String what, String legacySays, String modernSays) {
        return Arguments.of(what, "/orders", legacySays, modernSays);
    }

    private static Arguments inTheOrder(String what, String legacySays, String modernSays) {
        return Arguments.of(what, "/orders/1", legacySays, modernSays);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource({"harmless", "ofRails"})
    void what_each_writes_in_its_own_way_is_no_difference(
            String what, String target, String legacySays, String modernSays, Running rails) throws IOException {
        ShadowPair pair = asked(rails, Slip.NONE, "GET", target, USER);

        assertThat(body(pair.legacy())).containsPattern(legacySays).doesNotContainPattern(modernSays);
        assertThat(body(pair.modern())).containsPattern(modernSays).doesNotContainPattern(legacySays);
        assertThat(compared(pair)).as(what).isEqualTo(new Comparison.Matched());
    }

    static Stream<Arguments> wrong() {
        String list = "/orders";
        String order = "/orders/1";
        String row = "table#orders.list.wide > tbody > tr.order.paid";
        return Stream.of(
                wrong("an amount", list, text(">$0.99", ">$0.98"), "VALUE " + row + " > td.total"),
                wrong("a row that is missing", list, listed(orders -> orders.subList(0, 2)), "MISSING " + row),
                wrong("a row of another user", list, listed(RailsParityTest::withAnothers), "EXTRA " + row),
                wrong(
                        "rows in another order",
                        list,
                        listed(RailsParityTest::swapped),
                        "ORDER table#orders.list.wide > tbody"),
                wrong(
                        "a link that leads elsewhere",
                        list,
                        text("href=\"/orders/4\"", "href=\"/orders/5\""),
                        "VALUE " + row + " > td > a.number @href"),
                wrong(
                        "a box that is not ticked",
                        list,
                        text("checked disabled", "disabled"),
                        "MISSING " + row + " > td > input @checked"),
                wrong(
                        "a time in another zone",
                        list,
                        text("2026-03-01T12:00:00Z", "2026-03-01T13:00:00+01:00"),
                        "VALUE " + row + " > td > time @datetime"),
                wrong("a space that is lost", list, text("have <b>", "have<b>"), "VALUE main#content > p.sum"),
                wrong("another picture", list, text("/logo-", "/badge-"), "VALUE body > nav.bar.top > a > img @src"),
                wrong("another script", list, text("\"USD\"", "\"EUR\""), "VALUE body > script"),
                wrong(
                        "a text that is escaped twice",
                        order,
                        text("Cup &amp; saucer", "Cup &amp;amp; saucer"),
                        "VALUE main#content > ul.items > li"),
                wrong(
                        "a text that is not escaped",
                        order,
                        text(
                                ">Leave it at Zoë's &lt;b&gt;door&lt;/b&gt; &amp; \"knock\"</dd>",
                                ">Leave it at Zoë's <b>door</b> &amp; \"knock\"</dd>"),
                        "VALUE main#content > dl.facts > dd.note",
                        "EXTRA main#content > dl.facts > dd.note > b"),
                wrong(
                        "a text that is cut short",
                        order,
                        text("Leave it at Zoë's &lt;b&gt;door&lt;/b&gt; &amp; \"knock\"</dd>", "Leave it at…</dd>"),
                        "VALUE main#content > dl.facts > dd.note"),
                wrong(
                        "a letter that is broken",
                        order,
                        text(
                                "Zoë's &lt;b&gt;door&lt;/b&gt; &amp; \"knock\"</dd>",
                                "ZoÃ«'s &lt;b&gt;door&lt;/b&gt; &amp; \"knock\"</dd>"),
                        "VALUE main#content > dl.facts > dd.note"),
                wrong(
                        "a form that is sent elsewhere",
                        order,
                        text("action=\"/orders/1\" class=\"edit\"", "action=\"/orders\" class=\"edit\""),
                        "VALUE main#content > form.edit @action"),
                wrong(
                        "a field under another name",
                        order,
                        text("name=\"order[note]\"", "name=\"note\""),
                        "VALUE textarea#order_note @name"),
                wrong(
                        "another option that is chosen",
                        order,
                        text("<option value=\"post\">", "<option value=\"post\" selected>"),
                        "EXTRA select#order_shipping > option @selected"),
                wrong(
                        "what a script reads",
                        order,
                        text("\"counts\":[1,3]", "\"counts\":[3,1]"),
                        "VALUE main#content > div @data-order-state-value"),
                wrong(
                        "an amount in JSON",
                        "/orders.json",
                        text("\"total\" : 0.99", "\"total\" : 0.98"),
                        "VALUE $.orders[*].total"),
                wrong(
                        "a row that is missing in JSON",
                        "/orders.json",
                        listed(orders -> orders.subList(0, 2)),
                        "MISSING $.orders[*]"),
                wrong(
                        "a row of another user in JSON",
                        "/orders.json",
                        listed(RailsParityTest::withAnothers),
                        "EXTRA $.orders[*]"),
                wrong(
                        "rows in another order in JSON",
                        "/orders.json",
                        listed(RailsParityTest::swapped),
                        "ORDER $.orders"),
                wrong(
                        "a field that is missing",
                        "/orders/1.json",
                        text("\"shipped_at\"", "\"shippedAt\""),
                        "MISSING $.shipped_at",
                        "EXTRA $.shippedAt"),
                wrong(
                        "a number as text",
                        "/orders/1.json",
                        text("\"user_id\" : 7", "\"user_id\" : \"user-7\""),
                        "TYPE $.user_id"),
                wrong("seconds without their fraction", "/orders/1.json", text(".123Z", "Z"), "VALUE $.created_at"),
                wrong(
                        "no entity tag",
                        "/orders/1.json",
                        said(said -> said.withoutField("ETag")),
                        "MISSING header etag"),
                wrong("another status", "/orders/3", said(said -> said.withStatus(410)), "VALUE status"),
                wrong(
                        "something where there is nothing",
                        "/orders/3",
                        said(said -> said.withStatus(200)),
                        "VALUE status"),
                wrong(
                        "a redirect elsewhere",
                        "/orders/latest",
                        said(said -> said.withField("Location", "http://shop.test/orders")),
                        "VALUE header location"),
                wrong(
                        "a redirect to another host",
                        "/orders/latest",
                        said(said -> said.withField("Location", "http://127.0.0.1/orders/4")),
                        "VALUE header location"),
                wrong("a redirect for good", "/orders/latest", said(said -> said.withStatus(301)), "VALUE status"),
                wrong(
                        "a policy that lets in more",
                        list,
                        said(said -> said.withField("Content-Security-Policy", "default-src *")),
                        "VALUE header content-security-policy"),
                wrong(
                        "what any cache may keep",
                        list,
                        said(said -> said.withField("Cache-Control", "public, max-age=60")),
                        "VALUE header cache-control"));
    }

    private static Arguments wrong(String what, String target, Slip slip, String... fields) {
        return Arguments.of(what, target, slip, List.of(fields));
    }

    private static Slip text(String right, String wrong) {
        return said(said -> {
            assertThat(said.body()).contains(right);
            return said.withBody(said.body().replace(right, wrong));
        });
    }

    private static Slip said(UnaryOperator<Said> said) {
        return new Slip(UnaryOperator.identity(), said);
    }

    private static Slip listed(UnaryOperator<List<ShopOrder>> listed) {
        return new Slip(listed, UnaryOperator.identity());
    }

    private static List<ShopOrder> withAnothers(List<ShopOrder> orders) {
        return List.of(orders.get(0), orders.get(1), ShopOrder.ALL.get(2), orders.get(2));
    }

    private static List<ShopOrder> swapped(List<ShopOrder> orders) {
        return List.of(orders.get(1), orders.get(0), orders.get(2));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("wrong")
    void what_the_service_gets_wrong_is_named(String what, String target, Slip slip, List<String> fields, Running rails)
            throws IOException {
        Comparison comparison = compared(asked(rails, slip, "GET", target, USER));

        assertThat(found(comparison)).as(what).containsExactlyInAnyOrderElementsOf(fields);
    }

    /** Without how a value looks, which counts only where the value itself is noise. */
    private static List<String> found(Comparison comparison) {
        return comparison instanceof Comparison.Different different
                ? different.differences().stream()
                        .filter(difference -> difference.kind() != Kind.SHAPE)
                        .map(difference -> difference.kind() + " " + difference.field())
                        .toList()
                : List.of(comparison.toString());
    }

    @Test
    void who_is_not_signed_in_is_sent_to_the_login_by_both(Running rails) throws IOException {
        ShadowPair pair = asked(rails, Slip.NONE, "GET", "/orders");

        assertThat(pair.legacy().first("Location")).isEqualTo("http://shop.test/login");
        assertThat(compared(pair)).isEqualTo(new Comparison.Matched());
    }

    @Test
    void who_has_it_already_gets_304_and_the_whole_is_compared(Running rails) throws IOException {
        try (JavaShop modern = new JavaShop(text("1200.00", "1200.01"));
                ShadowedEdge edge = ShadowedEdge.before(rails.port(), modern.port(), ROUTE)) {
            String first = edge.get("/orders/1.json", USER);
            String known = "If-None-Match: " + value("\r\nETag: (\\S+)", first);

            String second = edge.get("/orders/1.json", USER, session(first), known);
            Await.until(() -> edge.pairs.size() == 2);

            assertThat(second).startsWith("HTTP/1.1 304 ");
            assertThat(edge.pairs)
                    .allSatisfy(pair -> assertThat(found(compared(pair))).containsExactly("VALUE $.items[*].price"));
        }
    }

    @Test
    void what_rails_says_once_after_a_form_was_sent_is_no_difference(Running rails) throws IOException {
        try (JavaShop modern = new JavaShop(Slip.NONE);
                ShadowedEdge edge = ShadowedEdge.before(rails.port(), modern.port(), ROUTE)) {
            String form = edge.get("/orders/1", USER);
            Await.until(() -> edge.pairs.size() == 1);
            String sent = sent(edge, form);
            edge.get("/orders/1", USER, session(sent));
            Await.until(() -> edge.pairs.size() == 2);
            ShadowPair pair = edge.pairs.get(1);

            assertThat(sent).startsWith("HTTP/1.1 302 ").contains("\r\nLocation: http://shop.test/orders/1\r\n");
            assertThat(body(pair.legacy())).contains("<p id=\"notice\">Saved.</p>");
            assertThat(body(pair.modern())).doesNotContain("Saved.");
            assertThat(compared(pair)).isEqualTo(new Comparison.Matched());
        }
    }

    /** The form of a page, as a browser sends it, and what came back. */
    private static String sent(ShadowedEdge edge, String page) throws IOException {
        String form = "_method=patch&authenticity_token="
                + value("name=\"authenticity_token\" value=\"([^\"]+)\"", page) + "&order%5Bnote%5D=x";
        return RawClient.exchange(
                edge.edge.port(),
                String.join(
                        "\r\n",
                        "POST /orders/1 HTTP/1.1",
                        "Host: shop.test",
                        USER,
                        session(page),
                        "Origin: http://shop.test",
                        "Connection: close",
                        "Content-Type: application/x-www-form-urlencoded",
                        "Content-Length: " + form.length(),
                        "",
                        form));
    }

    private static String session(String answer) {
        return "Cookie: " + value("\r\nSet-Cookie: (_shop_session=[^;]+)", answer);
    }

    private static String value(String pattern, String text) {
        Matcher matcher = Pattern.compile(pattern).matcher(text);
        assertThat(matcher.find()).as(pattern).isTrue();
        return matcher.group(1);
    }
}
