package dev.banyan.rails;

import static dev.banyan.routing.Tables.route;

import dev.banyan.routing.Route.Writes;
import dev.banyan.routing.RoutingTable;
import dev.banyan.routing.Tables;
import dev.banyan.routing.Tables.RouteText;
import dev.banyan.routing.decide.Router;
import dev.banyan.routing.decide.SigningKeys;
import java.util.Random;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** How far the app of {@code rails/config.ru} is migrated: the tables, and which route took over which action. */
public enum Monolith {
    /** Every route has both sides, and legacy answers. */
    LEGACY_ANSWERS,
    /** Every route has both sides, and modern answers and owns what is written. */
    MODERN_ANSWERS,
    /** No route has a legacy side any more. */
    COMPLETE;

    public Router router() {
        return new Router(table(), new SigningKeys(new byte[32]), new Random(7));
    }

    public RoutingTable table() {
        RouteText[] texts = Stream.of(
                        route("accounts", "GET /api/accounts", "GET /api/accounts/{id}"),
                        route("read", "GET /api/transactions", "GET /api/transactions/{id}"),
                        route("update", "PATCH,PUT /api/transactions/{id}"),
                        route("notes", "GET,POST /api/transactions/{transaction}/notes"),
                        route("files", "GET /files/**"),
                        route("packages", "PATCH,PUT /packages/{name}"),
                        route("hooks", "/hooks/{name}"),
                        route("pages", "GET /pages/{id}", "GET /en/pages/{id}", "GET /de/pages/{id}"),
                        route("reports", "GET /reports/{year}", "GET /reports/{year}/{month}"))
                .map(this::staged)
                .toArray(RouteText[]::new);
        // Rails' own order has it before show, so that the table must name it, though it stays where it is.
        return Tables.rails()
                .with(texts)
                .with(route("search", "GET /api/transactions/search").legacyOnly())
                .table();
    }

    private RouteText staged(RouteText text) {
        return switch (this) {
            case LEGACY_ANSWERS -> text.writes(Writes.LEGACY);
            case MODERN_ANSWERS -> text.writes(Writes.MODERN).canary(10_000);
            case COMPLETE -> text.complete();
        };
    }

    /** The route that took over what Rails ran; null if none did. */
    static @Nullable String routeOf(Taken taken, @Nullable String action) {
        if (action == null) {
            return null;
        }
        return switch (action) {
            case "accounts#index", "accounts#show" -> "accounts";
            case "transactions#index", "transactions#show" -> "read";
            case "transactions#update" -> "update";
            case "notes#index", "notes#create" -> "notes";
            case "files#index", "files#show" -> "files";
            case "packages#update" -> "packages";
            case "hooks#receive" -> "hooks";
            case "pages#show" -> "pages";
            case "reports#show" -> taken.params().containsKey("day") ? null : "reports";
            default -> null;
        };
    }
}
