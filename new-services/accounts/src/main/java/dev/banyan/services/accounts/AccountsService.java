package dev.banyan.services.accounts;

import dev.banyan.moneyseed.Account;
import dev.banyan.services.kit.JsonAnswer;
import dev.banyan.services.kit.MonolithJson;
import dev.banyan.services.kit.Service;
import dev.banyan.services.kit.ServiceMain;
import dev.banyan.services.kit.UserHeader;
import io.vertx.core.http.HttpMethod;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Pattern;

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
        router.route("/api/accounts/:id")
                .method(HttpMethod.GET)
                .method(HttpMethod.HEAD)
                .handler(this::show);
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
                        book.newest(userId).stream().map(AccountsService::json).toList()));
    }

    private void show(RoutingContext context) {
        String id = context.pathParam("id");
        Account account =
                ID.matcher(id).matches() ? book.find(Long.parseLong(id), UserHeader.of(context.request())) : null;
        if (account == null) {
            JsonAnswer.sendError(context, 404);
        } else {
            JsonAnswer.send(context, 200, json(account));
        }
    }

    private static Map<String, Object> json(Account account) {
        Map<String, Object> row = new LinkedHashMap<>();
        row.put("id", account.id());
        row.put("user_id", account.userId());
        row.put("name", account.name());
        row.put("kind", account.kind());
        row.put("currency", account.currency());
        row.put("opening_balance", MonolithJson.decimal(account.openingBalance()));
        row.put("created_at", MonolithJson.time(account.createdAt()));
        row.put("updated_at", MonolithJson.time(account.createdAt()));
        return row;
    }
}
