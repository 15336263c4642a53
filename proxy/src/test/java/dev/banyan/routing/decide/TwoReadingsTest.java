package dev.banyan.routing.decide;

import static dev.banyan.routing.Tables.header;
import static dev.banyan.routing.Tables.match;
import static dev.banyan.routing.Tables.on;
import static dev.banyan.routing.Tables.query;
import static dev.banyan.routing.Tables.route;
import static org.assertj.core.api.Assertions.assertThat;

import dev.banyan.routing.PathRules;
import dev.banyan.routing.RequestView.FormMethod;
import dev.banyan.routing.Route;
import dev.banyan.routing.Route.Writes;
import dev.banyan.routing.Side;
import dev.banyan.routing.Tables;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A path that one server takes for one route's and another for another's goes to neither. */
class TwoReadingsTest {
    private static final String FORM = "Content-Type: application/x-www-form-urlencoded";
    private final RouterFixture fixture = new RouterFixture();

    private static Tables tables(PathRules rules) {
        return rules == PathRules.RAILS ? Tables.rails() : Tables.plain();
    }

    @ParameterizedTest
    @EnumSource(PathRules.class)
    void a_path_that_leads_elsewhere_without_its_parameters_is_refused(PathRules rules) {
        Router router = fixture.router(tables(rules)
                .with(
                        route("deny", "/deny/**").complete(),
                        route("item", "GET /item/{id}").complete(),
                        route("list", "GET /list").complete()));

        for (String path : List.of(
                "/;/deny/x",
                "/deny;a=b/x",
                "/deny%3ba/x",
                "/deny;",
                "/list;a=b",
                "/list;a=b.json",
                "/;/list",
                "/item;/7",
                "/item/;",
                "/;/;a/deny/.",
                "/x/../deny;%2e%2e/y")) {
            assertThat(fixture.routed(router, RequestLine.parse("GET " + path)))
                    .as(path)
                    .isEqualTo(new Routed.Refused(
                            400,
                            "bad-path",
                            "the path leads to another place without its ;parameters; leave them out"));
        }
    }

    @ParameterizedTest
    @EnumSource(PathRules.class)
    void one_that_leads_to_the_same_route_is_sent_as_it_is(PathRules rules) {
        Router router = fixture.router(tables(rules)
                .with(
                        route("item", "GET /item/{id}").complete().rewrite("/v2/{id}"),
                        route("tree", "/tree/**").complete()));

        assertThat(fixture.decide(router, RequestLine.parse("GET /item/7;v=1"))
                        .sent()
                        .path())
                .isEqualTo("/v2/7;v=1");
        assertThat(fixture.decide(router, RequestLine.parse("GET /tree;a/../tree/x;y/;"))
                        .sent()
                        .path())
                .isEqualTo("/tree/x;y/;");
        assertThat(fixture.decide(router, RequestLine.parse("GET /else;a//x;b"))
                        .sent()
                        .path())
                .isEqualTo("/else;a//x;b");
    }

    @Test
    void two_routes_of_which_each_takes_one_reading_are_two() {
        Router router = fixture.router(Tables.rails()
                .with(
                        route("one", "GET /shop/{id}").complete(),
                        route("all", "GET /shop").complete()));

        assertThat(fixture.refused(router, RequestLine.parse("GET /shop/;a")).status())
                .isEqualTo(400);
        assertThat(fixture.decide(router, RequestLine.parse("GET /shop/1;a")).routeId())
                .isEqualTo("one");
    }

    @Test
    void a_format_behind_parameters_and_parameters_behind_a_format_slip_past_no_route() {
        Router router = fixture.router(Tables.rails()
                .with(route("t", "GET,PATCH /t").writes(Writes.MODERN).canary(10_000)));

        Decision behind = fixture.decide(router, RequestLine.parse("GET /t.json;a=b"));
        assertThat(behind.routeId()).isEqualTo("t");
        assertThat(behind.reason()).isEqualTo(Reason.FORMAT);
        assertThat(fixture.refused(router, RequestLine.parse("PATCH /t.json;a=b"))
                        .status())
                .isEqualTo(406);
        assertThat(fixture.refused(router, RequestLine.parse("GET /t;a=b.json")).status())
                .isEqualTo(400);
    }

    @Test
    void the_readings_are_compared_by_the_method_that_is_asked_for() {
        Router router =
                fixture.router(Tables.rails().with(route("t", "GET,PATCH /t").writes(Writes.MODERN)));

        assertThat(fixture.refused(router, RequestLine.parse("HEAD /t;a")).status())
                .isEqualTo(400);
        assertThat(fixture.refused(router, RequestLine.parse("PATCH /t;a")).status())
                .isEqualTo(400);
        assertThat(fixture.refused(router, RequestLine.parse("POST /t;a").withHeader("X-HTTP-Method-Override: PATCH"))
                        .status())
                .isEqualTo(400);
        assertThat(fixture.decide(router, RequestLine.parse("POST /t;a").withHeader("Content-Type: text/plain"))
                        .sent()
                        .path())
                .as("no route takes it either way")
                .isEqualTo("/t;a");
    }

    @Test
    void a_form_is_looked_into_if_one_reading_could_be_a_migrated_action() {
        Router router =
                fixture.router(Tables.rails().with(route("t", "PATCH /t").writes(Writes.MODERN)));
        RequestLine post = RequestLine.parse("POST /t;a").withHeader(FORM);

        assertThat(fixture.routed(router, post.withFormMethod(new FormMethod.NotHeld())))
                .isEqualTo(new Routed.NeedsForm(Route.DEFAULT_HOLD_BODY_BYTES));
        assertThat(fixture.refused(router, post.withFormMethod(new FormMethod.Of("patch")))
                        .status())
                .isEqualTo(400);
        assertThat(fixture.refused(router, post.withFormMethod(new FormMethod.TooLarge()))
                        .status())
                .isEqualTo(413);
        assertThat(fixture.decide(router, post.withFormMethod(new FormMethod.None()))
                        .routeId())
                .isEqualTo("default");
    }

    @Test
    void conditions_count_for_both_readings() {
        Router router = fixture.router(Tables.rails()
                .with(
                        route("host").and(on("shop.test", match("GET /h"))).complete(),
                        route("field").and(header("x-a", "1", match("GET /f"))).complete(),
                        route("query").and(query("q", match("GET /q"))).complete()));

        for (RequestLine met : List.of(
                RequestLine.parse("GET http://shop.test/h;a"),
                RequestLine.parse("GET /f;a").withHeader("X-A: 1"),
                RequestLine.parse("GET /q;a?q=1"))) {
            assertThat(fixture.refused(router, met).status()).as(met.toString()).isEqualTo(400);
        }
        for (String unmet : List.of("GET http://other.test/h;a", "GET /f;a", "GET /q;a?r=1")) {
            assertThat(fixture.decide(router, RequestLine.parse(unmet)).routeId())
                    .as(unmet)
                    .isEqualTo("default");
        }
    }

    @Test
    void explain_says_where_both_readings_lead() {
        Router router = fixture.router(Tables.rails().with(route("t", "GET /t").complete()));

        assertThat(router.explain(RequestLine.parse("GET /t;a"), RouterFixture.NOW)
                        .steps())
                .contains("path: refused, it reaches route default with its ;parameters and route t without");
        assertThat(router.explain(RequestLine.parse("GET /x/../y"), RouterFixture.NOW)
                        .steps())
                .contains("route: none matches, so rails, the default, gets it normalised, since it has dot segments");
    }

    @Test
    void a_byte_over_0x7f_is_the_same_as_its_escape() {
        Router router = fixture.router(Tables.rails()
                .with(
                        route("cafe", "GET /caf%C3%A9/{name}").complete().rewrite("/v2/{name}"),
                        route("tea", "GET /t%C3%A9").complete()));

        assertThat(fixture.decide(router, RequestLine.parse("GET /caf\u00e9/\u20ac"))
                        .sent()
                        .path())
                .isEqualTo("/v2/%E2%82%AC");
        assertThat(fixture.decide(router, RequestLine.parse("GET /t\u00e9")).routeId())
                .isEqualTo("tea");
        assertThat(fixture.decide(router, RequestLine.parse("GET /th\u00e9"))
                        .sent()
                        .path())
                .isEqualTo("/th%C3%A9");
        assertThat(fixture.refused(router, RequestLine.parse("GET /t\u00e9;a")).status())
                .isEqualTo(400);
    }

    /** However its default reads it, who resolves dots or not, cuts parameters off or not, merges slashes or not. */
    @Property(tries = 2000)
    void no_spelling_reaches_the_default_if_some_server_would_take_it_for_a_route(
            @ForAll("tricky") String path, @ForAll PathRules rules) {
        Router router = fixture.router(tables(rules)
                .with(
                        route("deny", "/deny/**").complete(),
                        route("deep", "GET /a/{x}/b").complete(),
                        route("one", "GET /one").complete()));

        Routed routed = fixture.routed(router, RequestLine.parse("GET " + path));

        if (routed instanceof Routed.To to && to.decision().side() == Side.LEGACY) {
            String sent = to.decision().sent().path();
            for (String reading : readings(sent)) {
                assertThat(reading).as("of %s, sent as %s", path, sent).doesNotMatch("/deny(/.*)?|/a/[^/]+/b|/one");
            }
        }
    }

    private static List<String> readings(String sent) {
        List<String> readings = new ArrayList<>();
        for (boolean decoded : new boolean[] {false, true}) {
            String path = decoded ? decodedOnce(sent) : sent;
            for (String cut : List.of(path, path.replaceAll("(?i)(;|%3b)[^/]*", ""))) {
                String merged = cut.replaceAll("/+", "/");
                readings.addAll(List.of(cut, merged, resolved(cut), resolved(merged)));
            }
        }
        return readings;
    }

    private static String decodedOnce(String path) {
        String decoded = path;
        for (String letter : List.of("2e.", "2E.", "3b;", "3B;", "61a", "64d", "65e")) {
            decoded = decoded.replace("%" + letter.substring(0, 2), letter.substring(2));
        }
        return decoded;
    }

    /** RFC 3986, 5.2.4, of whole segments. */
    private static String resolved(String path) {
        List<String> out = new ArrayList<>();
        String[] segments = path.substring(1).split("/", -1);
        for (int i = 0; i < segments.length; i++) {
            String segment = segments[i].toLowerCase(Locale.ROOT).replace("%2e", ".");
            boolean dots = segment.equals(".") || segment.equals("..");
            if (segment.equals("..") && !out.isEmpty()) {
                out.remove(out.size() - 1);
            }
            if (!dots) {
                out.add(segments[i]);
            } else if (i == segments.length - 1) {
                out.add("");
            }
        }
        return "/" + String.join("/", out);
    }

    @Provide
    Arbitrary<String> tricky() {
        return Arbitraries.of(
                        "/",
                        "/",
                        "/",
                        "/",
                        ".",
                        "..",
                        "%2e",
                        "%2E",
                        ";",
                        ";",
                        "%3b",
                        "%3B",
                        "a",
                        "b",
                        "x=1",
                        "deny",
                        "d%65ny",
                        "one",
                        "%61",
                        "one.json",
                        "%2f",
                        "\u00e9",
                        "%FF")
                .list()
                .ofMaxSize(10)
                .map(parts -> "/" + String.join("", parts));
    }
}
