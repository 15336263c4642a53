package dev.banyan.services.transactions;

import dev.banyan.money.json.RailsJson;
import dev.banyan.money.seed.Transaction;
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
import io.vertx.ext.web.handler.BodyHandler;
import java.io.IOException;
import java.time.Clock;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/** What came to and went from the accounts. */
public final class TransactionsService implements Service {

    public static final Definition DEFINITION = new Definition(
            "transactions", 8082, data -> new TransactionsService(new TransactionBook(data), Clock.systemUTC()));

    private static final Pattern ID = Pattern.compile("\\d{1,18}");
    private static final long MAX_BODY_BYTES = 64 * 1024;

    private final TransactionBook book;
    private final Clock clock;

    private TransactionsService(TransactionBook book, Clock clock) {
        this.book = book;
        this.clock = clock;
    }

    public static void main(String[] arguments) {
        ServiceMain.run(DEFINITION, arguments);
    }

    @Override
    public void mount(Router router) {
        router.route("/api/transactions")
                .method(HttpMethod.GET)
                .method(HttpMethod.HEAD)
                .handler(this::list);
        router.post("/api/transactions")
                .handler(BodyHandler.create(false).setBodyLimit(MAX_BODY_BYTES))
                .handler(this::add);
        router.route("/api/transactions/:id")
                .method(HttpMethod.GET)
                .method(HttpMethod.HEAD)
                .handler(this::show);
    }

    @Override
    public List<Bug> bugs() {
        return TransactionsBugs.all();
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
        Map<String, Object> content = new LinkedHashMap<>();
        content.put(
                "items",
                book.newest(userId).stream().map(TransactionsService::json).toList());
        content.put("generated_at", RailsJson.time(clock.instant()));
        JsonAnswer.send(context, 200, content);
    }

    private void show(RoutingContext context) {
        String id = context.pathParam("id");
        Transaction row =
                ID.matcher(id).matches() ? book.find(Long.parseLong(id), UserHeader.of(context.request())) : null;
        if (row == null) {
            JsonAnswer.sendError(context, 404);
        } else {
            JsonAnswer.send(context, 200, json(row));
        }
    }

    private void add(RoutingContext context) {
        Map<String, String> params = RequestParams.of(context);
        if (params == null) {
            JsonAnswer.sendError(context, 400);
            return;
        }
        NewTransaction wanted = NewTransaction.of(params, book, UserHeader.of(context.request()));
        if (!wanted.errors().isEmpty()) {
            JsonAnswer.send(context, 422, Map.of("errors", wanted.errors()));
            return;
        }
        book.add(
                        wanted.accountId(),
                        wanted.ownerId(),
                        wanted.amount(),
                        wanted.description(),
                        clock.instant().truncatedTo(ChronoUnit.MILLIS))
                .onSuccess(row -> {
                    context.response()
                            .putHeader("Location", PublicUrl.of(context.request(), "/api/transactions/" + row.id()));
                    JsonAnswer.send(context, 201, json(row));
                })
                // Told in the journal's log.
                .onFailure(failure -> JsonAnswer.sendError(context, 503));
    }

    private static Map<String, Object> json(Transaction row) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("id", row.id());
        json.put("account_id", row.accountId());
        json.put("user_id", row.userId());
        json.put("amount", RailsJson.decimal(row.amount()));
        json.put("description", row.description());
        json.put("reference", row.reference());
        json.put("created_at", RailsJson.time(row.createdAt()));
        json.put("updated_at", RailsJson.time(row.createdAt()));
        return json;
    }
}
