package dev.banyan.routing.decide;

import static dev.banyan.routing.Tables.route;
import static org.assertj.core.api.Assertions.assertThat;

import dev.banyan.routing.PathRules;
import dev.banyan.routing.RequestView.FormMethod;
import dev.banyan.routing.Route;
import dev.banyan.routing.Route.Writes;
import dev.banyan.routing.Side;
import dev.banyan.routing.Tables;
import dev.banyan.routing.match.NormalPath;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RailsSpellingsTest {
    private static final String FORM = "Content-Type: application/x-www-form-urlencoded";
    private final RouterFixture fixture = new RouterFixture();

    /** Owned by modern: the update and the removal of one thing. Not in the table at all: making one. */
    private final Router owned = fixture.router(
            Tables.rails().with(route("tx", "GET,PATCH,DELETE /tx/{id}").writes(Writes.MODERN)));

    @Test
    void modern_gets_the_canonical_path_the_effective_method_and_the_format_as_accept() {
        Router router =
                fixture.router(Tables.rails().with(route("tx", "GET /tx/{id}").canary(10_000)));

        Decision decision = fixture.decide(router, RequestLine.parse("HEAD //tx/%34%32.json/"));

        assertThat(decision.side()).isEqualTo(Side.MODERN);
        assertThat(decision.sent().path()).isEqualTo("/tx/42");
        assertThat(decision.sent().method()).isEqualTo("HEAD");
        assertThat(decision.sent().acceptFromSuffix()).isEqualTo("application/json");
        assertThat(decision.sent().dropMethodOverride()).isTrue();
    }

    @Test
    void legacy_gets_what_is_left_after_normalising_and_the_wire_method() {
        Router router =
                fixture.router(Tables.rails().with(route("tx", "PATCH /tx/{id}").writes(Writes.LEGACY)));
        RequestLine request = RequestLine.parse("POST //tx/%34%32.json/").withHeader("X-HTTP-Method-Override: patch");

        Decision decision = fixture.decide(router, request);

        assertThat(decision.side()).isEqualTo(Side.LEGACY);
        assertThat(decision.reason()).isEqualTo(Reason.OWNER);
        assertThat(decision.sent().path()).isEqualTo("/tx/42.json/");
        assertThat(decision.sent().method()).isEqualTo("POST");
        assertThat(decision.sent().acceptFromSuffix()).isNull();
        assertThat(decision.sent().dropMethodOverride()).isFalse();
    }

    @Test
    void a_format_that_modern_does_not_serve_stays_with_legacy() {
        Router router =
                fixture.router(Tables.rails().with(route("tx", "GET /tx/{id}").canary(10_000)));

        Decision decision = fixture.decide(router, RequestLine.parse("GET /tx/42.pdf"));

        assertThat(decision.reason()).isEqualTo(Reason.FORMAT);
        assertThat(decision.side()).isEqualTo(Side.LEGACY);
        assertThat(decision.sent().path()).isEqualTo("/tx/42.pdf");
    }

    @Test
    void a_format_in_other_letters_is_another_format_as_in_rails() {
        Router router =
                fixture.router(Tables.rails().with(route("tx", "GET /tx/{id}").canary(10_000)));

        assertThat(fixture.decide(router, RequestLine.parse("GET /tx/42.JSON")).reason())
                .isEqualTo(Reason.FORMAT);
    }

    @Test
    void a_write_that_modern_owns_gets_406_for_a_format_that_modern_does_not_serve() {
        assertThat(fixture.refused(owned, RequestLine.parse("DELETE /tx/42.pdf"))
                        .status())
                .isEqualTo(406);
    }

    @Test
    void so_does_anything_once_there_is_no_legacy() {
        Router router =
                fixture.router(Tables.rails().with(route("tx", "GET /tx/{id}").complete()));

        assertThat(fixture.refused(router, RequestLine.parse("GET /tx/42.pdf")).status())
                .isEqualTo(406);
        assertThat(fixture.decide(router, RequestLine.parse("GET /tx/42.json")).reason())
                .isEqualTo(Reason.COMPLETE);
    }

    @ParameterizedTest
    @CsvSource({
        "POST,   DELETE,  DELETE",
        "POST, delete, DELETE",
        "POST, DeLeTe, DELETE",
        "POST, unlink, UNLINK",
        "POST,   TRACE,   POST",
        "POST, '',     POST",
        "POST, 'DELETE, DELETE', POST",
        "PUT,    DELETE,  PUT",
        "GET,  DELETE, GET",
        "post, DELETE, post"
    })
    void the_header_overrides_a_post_with_a_verb_that_rack_knows(String wire, String header, String effective) {
        Router router = fixture.router(
                Tables.rails().with(route("any", "/x", "UNLINK /x").complete()));

        RequestLine request = RequestLine.parse(wire + " /x").withHeader("X-HTTP-Method-Override: " + header);

        assertThat(fixture.decide(router, request).sent().method()).isEqualTo(effective);
    }

    @Test
    void the_header_sent_twice_is_no_verb() {
        Router router = fixture.router(Tables.rails().with(route("any", "/x").complete()));
        RequestLine request = RequestLine.parse("POST /x")
                .withHeader("X-HTTP-Method-Override: DELETE")
                .withHeader("X-HTTP-Method-Override: DELETE");

        assertThat(fixture.decide(router, request).sent().method()).isEqualTo("POST");
    }

    @ParameterizedTest
    @CsvSource({"patch, PATCH", "'', POST", "nonsense, POST", "'PATCH ', POST", "opt\u0131on\u017f, OPTIONS"})
    void the_body_beats_the_header_even_with_what_is_no_verb(String field, String effective) {
        Router router = fixture.router(Tables.rails().with(route("any", "/x").complete()));
        RequestLine request = RequestLine.parse("POST /x")
                .withHeader(FORM)
                .withHeader("X-HTTP-Method-Override: DELETE")
                .withFormMethod(new FormMethod.Of(field));

        assertThat(fixture.decide(router, request).sent().method()).isEqualTo(effective);
    }

    @Test
    void with_plain_paths_nothing_overrides_a_method() {
        Router router = fixture.router(Tables.plain().with(route("any", "/x").complete()));
        RequestLine request = RequestLine.parse("POST /x")
                .withHeader(FORM)
                .withHeader("X-HTTP-Method-Override: DELETE")
                .withFormMethod(new FormMethod.NotHeld());

        Decision decision = fixture.decide(router, request);

        assertThat(decision.sent().method()).isEqualTo("POST");
        assertThat(decision.sent().dropMethodOverride()).isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"/tx/42", "/tx/42.json", "//tx//42/"})
    void a_form_that_could_be_a_migrated_action_is_held(String path) {
        assertThat(fixture.routed(owned, form("POST " + path, new FormMethod.NotHeld())))
                .isEqualTo(new Routed.NeedsForm(Route.DEFAULT_HOLD_BODY_BYTES));
    }

    @Test
    void a_post_that_names_no_type_is_held_too_since_rack_reads_it_as_a_form() {
        RequestLine request = RequestLine.parse("POST /tx/42").withFormMethod(new FormMethod.NotHeld());

        assertThat(fixture.routed(owned, request)).isEqualTo(new Routed.NeedsForm(Route.DEFAULT_HOLD_BODY_BYTES));
    }

    @ParameterizedTest
    @ValueSource(strings = {"POST /elsewhere", "PUT /tx/42", "GET /tx/42"})
    void other_forms_are_not_held(String line) {
        assertThat(fixture.routed(owned, form(line, new FormMethod.NotHeld()))).isInstanceOf(Routed.To.class);
    }

    @Test
    void a_body_that_is_no_form_is_not_held() {
        RequestLine request = RequestLine.parse("POST /tx/42")
                .withHeader("Content-Type: application/json")
                .withFormMethod(new FormMethod.NotHeld());

        assertThat(fixture.routed(owned, request)).isInstanceOf(Routed.To.class);
    }

    @Test
    void a_form_is_not_held_for_a_route_that_has_legacy_only() {
        Router router = fixture.router(
                Tables.rails().with(route("tx", "/tx/{id}").legacyOnly().writes(Writes.LEGACY)));

        assertThat(fixture.routed(router, form("POST /tx/42", new FormMethod.NotHeld())))
                .isInstanceOf(Routed.To.class);
    }

    @Test
    void a_form_too_large_to_look_into_is_refused_where_it_could_be_a_write_that_modern_owns() {
        Routed.Refused refused = fixture.refused(owned, form("POST /tx/42", new FormMethod.TooLarge()));

        assertThat(refused.status()).isEqualTo(413);
    }

    @Test
    void elsewhere_it_is_decided_as_its_wire_method_whatever_the_header_says() {
        Router router = fixture.router(Tables.rails()
                .with(
                        route("make", "POST /tx").writes(Writes.MODERN),
                        route("read", "GET /tx").complete(),
                        route("remove", "DELETE /tx").writes(Writes.LEGACY)));
        RequestLine request = form("POST /tx", new FormMethod.TooLarge()).withHeader("X-HTTP-Method-Override: DELETE");

        Decision decision = fixture.decide(router, request);

        assertThat(decision.routeId()).isEqualTo("make");
        assertThat(decision.sent().method()).isEqualTo("POST");
    }

    @Test
    void a_request_is_unsafe_if_the_wire_method_or_the_effective_one_is() {
        assertThat(fixture.decide(owned, form("POST /tx/42", new FormMethod.Of("get")))
                        .safe())
                .isFalse();
        assertThat(fixture.decide(owned, form("POST /tx/42", new FormMethod.Of("delete")))
                        .safe())
                .isFalse();
        assertThat(fixture.decide(owned, RequestLine.parse("GET /tx/42")).safe())
                .isTrue();
    }

    @Test
    void modern_gets_the_rewritten_path() {
        Router router = fixture.router(Tables.rails()
                .with(
                        route("note", "GET /tx/{id}/notes/{note}").complete().rewrite("/v2/notes/{note}/of/{id}"),
                        route("tree", "GET /tree/{x}/**").complete().rewrite("/v2/{x}/**")));

        assertThat(fixture.decide(router, RequestLine.parse("GET /tx/4%202/notes/7.json"))
                        .sent()
                        .path())
                .isEqualTo("/v2/notes/7/of/4%202");
        assertThat(fixture.decide(router, RequestLine.parse("GET /tree/a/b/c.txt"))
                        .sent()
                        .path())
                .isEqualTo("/v2/a/b/c.txt");
        assertThat(fixture.decide(router, RequestLine.parse("GET /tree/a"))
                        .sent()
                        .path())
                .isEqualTo("/v2/a");
    }

    @Test
    void a_path_that_cannot_be_normalised_is_refused_wherever_it_would_go() {
        Routed.Refused refused = fixture.refused(owned, RequestLine.parse("GET /elsewhere/%5c"));

        assertThat(refused.status()).isEqualTo(400);
        assertThat(refused.reason()).isEqualTo("bad-path");
    }

    @ParameterizedTest
    @ValueSource(strings = {"/tx/1.2.json", "/tx/42.", "/tx/.json", "/tx/..json", "/tx/%2Ejson", "/tx/1.2/notes"})
    void a_name_with_a_dot_that_rails_may_not_take_stays_with_legacy(String path) {
        Router router = fixture.router(Tables.rails()
                .with(route("tx", "GET /tx/{id}", "GET /tx/{id}/notes").canary(10_000)));

        Decision decision = fixture.decide(router, RequestLine.parse("GET " + path));

        assertThat(decision.routeId()).isEqualTo("tx");
        assertThat(decision.reason()).isEqualTo(Reason.FORMAT);
        assertThat(decision.side()).isEqualTo(Side.LEGACY);
    }

    /** To Rails, which decodes after it has matched, these have the format "a.b" and ".". */
    @ParameterizedTest
    @ValueSource(strings = {"/tx.a%2Eb", "/tx.a%2eb/", "/tx.%2E"})
    void an_escaped_dot_in_the_format_slips_past_no_route(String path) {
        Router router =
                fixture.router(Tables.rails().with(route("tx", "GET /tx").complete()));

        assertThat(fixture.refused(router, RequestLine.parse("GET " + path)).status())
                .isEqualTo(406);
    }

    @ParameterizedTest
    @ValueSource(strings = {"/tx/1.2.json", "/tx/42.", "/tx/.json", "/tx/%2Ejson"})
    void so_it_reaches_neither_side_where_modern_owns_the_write(String path) {
        assertThat(fixture.refused(owned, RequestLine.parse("DELETE " + path)).status())
                .isEqualTo(406);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"/files/x/../../other", "/files/%2e%2e/other", "//files/./../other", "/x/../other", "/./other"})
    void dot_segments_are_resolved_for_the_default_too(String path) {
        Router router = fixture.router(
                Tables.rails().with(route("files", "DELETE /files/**").complete()));

        Decision decision = fixture.decide(router, form("POST " + path, new FormMethod.NotHeld()));

        assertThat(decision.reason()).isEqualTo(Reason.DEFAULT);
        assertThat(decision.sent().path()).isEqualTo("/other");
    }

    @Test
    void escapes_that_are_no_utf_8_are_refused_where_a_route_would_take_them_as_rails_refuses_them() {
        Router router =
                fixture.router(Tables.rails().with(route("tx", "GET /tx/{id}").complete()));

        assertThat(fixture.refused(router, RequestLine.parse("GET /tx/%FF")).status())
                .isEqualTo(400);
        assertThat(fixture.decide(router, RequestLine.parse("GET /tx/%C3%A9"))
                        .sent()
                        .path())
                .isEqualTo("/tx/%C3%A9");
        assertThat(fixture.decide(router, RequestLine.parse("GET /else/%FF"))
                        .sent()
                        .path())
                .isEqualTo("/else/%FF");
    }

    @ParameterizedTest
    @ValueSource(strings = {"LINK", "FOO", "get"})
    void a_match_without_methods_takes_those_that_rails_knows(String method) {
        Router router = fixture.router(Tables.rails().with(route("any", "/x").complete()));

        assertThat(fixture.decide(router, RequestLine.parse(method + " /x")).reason())
                .isEqualTo(Reason.DEFAULT);
        assertThat(fixture.decide(router, RequestLine.parse("PROPFIND /x")).reason())
                .isEqualTo(Reason.COMPLETE);
    }

    @Property(tries = 1000)
    void what_matches_no_route_passes_as_it_came(@ForAll("unmatched") String path) {
        Routed routed = fixture.routed(owned, RequestLine.parse("GET " + path));

        if (routed instanceof Routed.To to) {
            assertThat(to.decision().reason()).isEqualTo(Reason.DEFAULT);
            assertThat(to.decision().sent().path()).isEqualTo(NormalPath.hasDotSegment(path) ? normal(path) : path);
        } else {
            assertThat(path)
                    .as("hides a dot segment, or leads above the root")
                    .containsPattern("/\\.(%2f|;)|%2f(\\.|%2e)|%2e%2f|%2e;|/%2e%2e(/|$)");
        }
    }

    private static String normal(String path) {
        return ((NormalPath.Usable) NormalPath.of(path, PathRules.RAILS)).path();
    }

    @Provide
    Arbitrary<String> unmatched() {
        return Arbitraries.of("/", "//", "/./", "%2e", "%41", "%2f", ".json", "x", "https:", ";a=b", "*", "%FF", "%c3")
                .list()
                .ofMaxSize(8)
                .map(parts -> "/go/" + String.join("", parts));
    }

    @Test
    void what_the_other_side_would_get_can_be_asked_for() {
        Router router =
                fixture.router(Tables.rails().with(route("tx", "GET /tx/{id}").rewrite("/v2/{id}")));
        RequestLine request = RequestLine.parse("GET /tx/42.json");

        assertThat(router.sentTo(Side.MODERN, request))
                .isEqualTo(new Sent("modern", "GET", "/v2/42", "application/json", true));
        assertThat(router.sentTo(Side.LEGACY, request)).isEqualTo(new Sent("rails", "GET", "/tx/42.json", null, false));
        assertThat(router.sentTo(Side.MODERN, RequestLine.parse("GET /tx/42.pdf")))
                .isNull();
        assertThat(router.sentTo(Side.LEGACY, RequestLine.parse("GET /elsewhere")))
                .isNull();
    }

    /** Whatever way an update of a thing is spelt, it reaches the side that owns it, as the same action, or is refused. */
    @Property(tries = 1000)
    void no_spelling_slips_past_a_migrated_route(@ForAll("spellings") RequestLine request) {
        Routed routed = fixture.routed(owned, request);

        if (routed instanceof Routed.To to) {
            assertThat(to.decision().routeId()).isEqualTo("tx");
            assertThat(to.decision().side()).isEqualTo(Side.MODERN);
            assertThat(to.decision().sent().method()).isEqualTo("PATCH");
            assertThat(to.decision().sent().path()).isEqualTo("/tx/42");
        } else {
            assertThat(request.rawPath()).contains(".pdf");
        }
    }

    @Provide
    Arbitrary<RequestLine> spellings() {
        Arbitrary<String> paths = Combinators.combine(
                        Arbitraries.of("/", "//", "/./", "/x/../", "/%2e/"),
                        Arbitraries.of("tx", "%74x", "t%78"),
                        Arbitraries.of("/", "//", "/y/..//"),
                        Arbitraries.of("42", "%34%32", "4%32"),
                        Arbitraries.of("", ".json", "%2Ejson", ".%6Ason", ".pdf"),
                        Arbitraries.of("", "/", "//", "/."))
                .as((a, b, c, d, e, f) -> a + b + c + d + e + f);
        return Combinators.combine(paths, Arbitraries.of(0, 1, 2, 3)).as((path, way) -> switch (way) {
            case 0 -> RequestLine.parse("PATCH " + path);
            case 1 -> RequestLine.parse("POST " + path).withHeader("x-http-method-override: Patch");
            case 2 -> form("POST " + path, new FormMethod.Of("pAtCh"));
            default -> form("POST " + path, new FormMethod.Of("PATCH")).withHeader("X-HTTP-Method-Override: GET");
        });
    }

    private static RequestLine form(String line, FormMethod method) {
        return RequestLine.parse(line).withHeader(FORM).withFormMethod(method);
    }
}
