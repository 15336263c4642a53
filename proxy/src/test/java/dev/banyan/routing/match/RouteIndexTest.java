package dev.banyan.routing.match;

import static dev.banyan.routing.Tables.header;
import static dev.banyan.routing.Tables.match;
import static dev.banyan.routing.Tables.on;
import static dev.banyan.routing.Tables.query;
import static dev.banyan.routing.Tables.route;
import static org.assertj.core.api.Assertions.assertThat;

import dev.banyan.routing.PathRules;
import dev.banyan.routing.Route;
import dev.banyan.routing.Tables.RouteText;
import dev.banyan.routing.decide.RequestLine;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RouteIndexTest {

    @Test
    void it_steps_back_from_a_literal_that_leads_nowhere() {
        RouteIndex index = plain(route("literal", "GET /a/b/d"), route("named", "GET /a/{x}/c"));

        assertThat(id(index, "GET /a/b/c")).isEqualTo("named");
        assertThat(id(index, "GET /a/b/d")).isEqualTo("literal");
    }

    @Test
    void a_literal_beats_a_name_and_a_name_beats_the_rest() {
        RouteIndex index = plain(
                route("rest", "GET /a/**"),
                route("named", "GET /a/{x}"),
                route("literal", "GET /a/b"),
                route("all", "/**"));

        assertThat(id(index, "GET /a/b")).isEqualTo("literal");
        assertThat(id(index, "GET /a/c")).isEqualTo("named");
        assertThat(id(index, "GET /a/c/d")).isEqualTo("rest");
        assertThat(id(index, "GET /a")).isEqualTo("rest");
        assertThat(id(index, "GET /")).isEqualTo("all");
    }

    @Test
    void segments_are_compared_from_the_left() {
        RouteIndex index = plain(route("left", "GET /a/{x}/{y}"), route("right", "GET /{x}/b/c"));

        assertThat(id(index, "GET /a/b/c")).isEqualTo("left");
        assertThat(id(index, "GET /z/b/c")).isEqualTo("right");
    }

    @Test
    void a_prefix_covers_whole_segments_only() {
        RouteIndex index = plain(route("api", "/api/**"));

        assertThat(id(index, "GET /apix")).isNull();
        assertThat(id(index, "GET /api")).isEqualTo("api");
        assertThat(id(index, "GET /api/x/y/")).isEqualTo("api");
    }

    @Test
    void a_more_specific_path_for_another_method_is_stepped_over() {
        RouteIndex index = plain(route("get", "GET /a/b"), route("post", "POST /a/{x}"), route("any", "/a/{x}"));

        assertThat(id(index, "POST /a/b")).isEqualTo("post");
        assertThat(id(index, "PUT /a/b")).isEqualTo("any");
    }

    @Test
    void the_host_beats_the_path() {
        RouteIndex index = plain(
                route("none", "GET /a/b"),
                route("exact").and(on("shop.example.com", match("/**"))),
                route("near").and(on("*.eu.example.com", match("/**"))),
                route("far").and(on("*.example.com", match("GET /a/b"))));

        assertThat(id(index, "GET http://shop.example.com/a/b")).isEqualTo("exact");
        assertThat(id(index, "GET http://x.y.eu.example.com/a/b")).isEqualTo("near");
        assertThat(id(index, "GET http://x.example.com/a/b")).isEqualTo("far");
        assertThat(id(index, "GET http://example.com/a/b")).isEqualTo("none");
        assertThat(id(index, "GET http://xexample.com/a/b")).isEqualTo("none");
    }

    @Test
    void a_host_without_a_match_for_the_path_leaves_it_to_the_others() {
        RouteIndex index = plain(route("none", "GET /a"), route("exact").and(on("x.test", match("GET /b"))));

        assertThat(id(index, "GET http://x.test/a")).isEqualTo("none");
    }

    @Test
    void more_conditions_beat_fewer_and_an_unmet_one_counts_for_nothing() {
        RouteIndex index = plain(
                route("bare", "GET /a"),
                route("header").and(header("x-beta", "1", match("GET /a"))),
                route("both").and(query("q", header("x-beta", "1", match("GET /a")))));

        assertThat(id(index, "GET /a")).isEqualTo("bare");
        assertThat(id(index, "GET /a?q")).isEqualTo("bare");
        assertThat(id(index, "GET /a?qq=1", "X-Beta: 1")).isEqualTo("header");
        assertThat(id(index, "GET /a?x=1&%71=", "X-Beta: 1")).isEqualTo("both");
        assertThat(id(index, "GET /a", "X-Beta: 2")).isEqualTo("bare");
    }

    @Test
    void a_named_method_beats_conditions() {
        RouteIndex index = plain(route("named", "GET /a"), route("any").and(header("x-beta", "1", match("/a"))));

        assertThat(id(index, "GET /a", "X-Beta: 1")).isEqualTo("named");
    }

    @ParameterizedTest
    @CsvSource({
        "GET /tx/42,            id,      /tx/42,      ",
        "GET /tx/42/,           id,      /tx/42,      ",
        "GET /tx/42.json,       id,      /tx/42,      json",
        "GET /tx/42.json/,      id,      /tx/42,      json",
        "GET /tx/1.2.json,      id,      /tx/1,       2.json",
        "GET /tx/.json,         id,      /tx,         .json",
        "GET /tx/42.,           id,      /tx/42,      ''",
        "GET /tx.xml,           list,    /tx,         xml",
        "GET /tx.a.b,           list,    /tx,         a.b",
        "GET /tx.,              list,    /tx,         ''",
        "GET /tx..,             list,    /tx,         .",
        "GET /tx/export,        export,  /tx/export,  ",
        "GET /tx/export.csv,    export,  /tx/export,  csv",
        "GET /tx/feed.xml,      feed,    /tx/feed.xml,",
        "GET /tx/feed.xml.json, feed,    /tx/feed.xml, json",
        "GET /tx/a.b/notes,     notes,   /tx/a,       b/notes",
        "HEAD /tx/42,           id,      /tx/42,      ",
        "HEAD /tx/export,       head,    /tx/export,  ",
        "GET /assets/app.js,    assets,  /assets/app.js,",
        "GET /assets.json,      assets,  /assets,     json",
        "GET /assets/x/,        assets,  /assets/x,   "
    })
    void a_match_covers_every_spelling_that_rails_takes(
            String line, String id, String canonical, @Nullable String suffix) {
        RouteIndex index = RouteIndex.of(
                routes(
                        route("list", "GET /tx"),
                        route("id", "GET /tx/{id}"),
                        route("notes", "GET /tx/{id}/notes"),
                        route("export", "GET /tx/export"),
                        route("head", "HEAD /tx/export"),
                        route("feed", "GET /tx/feed.xml"),
                        route("assets", "GET /assets/**")),
                PathRules.RAILS);
        RequestLine request = RequestLine.parse(line);

        Found found = Objects.requireNonNull(index.find(request.method(), request.rawPath(), request, null));

        assertThat(found.route().id()).isEqualTo(id);
        assertThat(found.canonicalPath()).isEqualTo(canonical);
        assertThat(found.suffix()).isEqualTo(suffix);
    }

    @Test
    void with_plain_paths_every_spelling_is_another_path() {
        RouteIndex index = plain(route("id", "GET /tx/{id}"), route("list", "GET /tx"));

        assertThat(id(index, "GET /tx/")).isNull();
        assertThat(id(index, "GET /tx/42/")).isNull();
        assertThat(id(index, "HEAD /tx")).isNull();
        assertThat(id(index, "GET /tx.json")).isNull();
        assertThat(id(index, "GET /tx/42.json")).isEqualTo("id");
    }

    @Test
    void a_literal_is_met_however_the_file_escapes_it() {
        RouteIndex index = plain(route("cafe", "GET /caf%c3%a9/%61"));

        assertThat(id(index, "GET /caf%C3%A9/a")).isEqualTo("cafe");
    }

    @Test
    void the_asterisk_of_options_is_no_path() {
        assertThat(id(plain(route("all", "/**")), "OPTIONS *")).isNull();
    }

    private static RouteIndex plain(RouteText... texts) {
        return RouteIndex.of(routes(texts), PathRules.PLAIN);
    }

    private static List<Route> routes(RouteText... texts) {
        List<Route> routes = new ArrayList<>();
        for (RouteText text : texts) {
            routes.add(text.route());
        }
        return routes;
    }

    private static @Nullable String id(RouteIndex index, String line, String... headers) {
        RequestLine request = RequestLine.parse(line);
        for (String header : headers) {
            request = request.withHeader(header);
        }
        Found found = index.find(request.method(), request.rawPath(), request, null);
        return found == null ? null : found.route().id();
    }
}
