package dev.banyan.services.accounts;

import dev.banyan.money.json.RailsJson;
import dev.banyan.money.seed.Account;
import dev.banyan.services.kit.Service;
import dev.banyan.services.kit.ServiceMain;
import dev.banyan.services.kit.UserHeader;
import dev.banyan.services.kit.answers.JsonAnswer;
import dev.banyan.services.kit.answers.PublicUrl;
import dev.banyan.services.kit.demo.Bug;
import dev.banyan.services.kit.demo.HandedWrites;
import io.vertx.core.http.HttpMethod;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Who has which account. Their transactions are another service's. */
public final class AccountsService implements Service {

    public static final Definition DEFINITION =
            new Definition("accounts", 8081, data -> new AccountsService(new AccountBook(data)));

    private static final Pattern ID = Pattern.compile("\\d{1,18}");

    private final AccountBook book;

    private AccountsService(AccountBook book) {
        this.book = book;
    }

    public static void main(String[] arguments) {
        ServiceMain.run(DEFINITION, arguments);
    }

    @Override
    public void mount(Router router) {
        router.route("/api/accounts")
                .method(HttpMethod.GET)
                .method(HttpMethod.HEAD)
                .handler(this::list);
        router.route("/api/accounts/:id/summary")
                .method(HttpMethod.GET)
                .method(HttpMethod.HEAD)
                .handler(this::summary);
        router.route("/api/accounts/:id")
                .method(HttpMethod.GET)
                .method(HttpMethod.HEAD)
                .handler(this::show);
    }

    @Override
    public List<Bug> bugs() {
        return AccountsBugs.all(book);
    }

    @Override
    public HandedWrites.Taker taker() {
        return book;
    }

    @Override
    public void close() throws IOException {
        book.close();
    }

    private void list(RoutingContext context) {
        Long userId = UserHeader.of(context.request());
        JsonAnswer.send(
                context,
                200,
                Map.of(
                        "items",
                        book.newest(userId, filter(context.queryParams().get("kind"))).stream()
                                .map(AccountsService::json)
                                .toList()));
    }

    /** As the monolith has it: an empty filter is none. */
    private static @Nullable String filter(@Nullable String given) {
        return given == null || given.isBlank() ? null : given;
    }

    private @Nullable Account asked(RoutingContext context, @Nullable Long userId) {
        String id = context.pathParam("id");
        return ID.matcher(id).matches() ? book.find(Long.parseLong(id), userId) : null;
    }

    private void show(RoutingContext context) {
        Account account = asked(context, UserHeader.of(context.request()));
        if (account == null) {
            JsonAnswer.sendError(context, 404);
        } else {
            JsonAnswer.send(context, 200, json(account));
        }
    }

    /** Of one's own accounts only; what belongs to others is not there. */
    private void summary(RoutingContext context) {
        Long userId = UserHeader.of(context.request());
        if (userId == null) {
            JsonAnswer.sendError(context, 401);
            return;
        }
        Account account = asked(context, userId);
        if (account == null) {
            JsonAnswer.sendError(context, 404);
            return;
        }
        AccountBook.Movements movements = book.movements(account.id());
        Map<String, Object> content = new LinkedHashMap<>();
        content.put("account_id", account.id());
        content.put("user_id", account.userId());
        content.put("name", account.name());
        content.put("currency", account.currency());
        content.put("balance", RailsJson.decimal(account.openingBalance().add(movements.sum())));
        content.put("transactions", movements.count());
        content.put(
                "transactions_url", PublicUrl.of(context.request(), "/api/accounts/" + account.id() + "/transactions"));
        JsonAnswer.send(context, 200, content);
    }

    private static Map<String, Object> json(Account account) {
        Map<String, Object> row = new LinkedHashMap<>();
        row.put("id", account.id());
        row.put("user_id", account.userId());
        row.put("name", account.name());
        row.put("kind", account.kind());
        row.put("currency", account.currency());
        row.put("opening_balance", RailsJson.decimal(account.openingBalance()));
        row.put("created_at", RailsJson.time(account.createdAt()));
        row.put("updated_at", RailsJson.time(account.createdAt()));
        return row;
    }
}
