package dev.banyan.legacystub.money;

import dev.banyan.legacystub.rails.Answer;
import dev.banyan.legacystub.rails.Call;
import dev.banyan.legacystub.rails.Html;
import dev.banyan.legacystub.rails.Routes;
import dev.banyan.legacystub.standin.StandInForEvents;
import dev.banyan.money.json.RailsJson;
import dev.banyan.money.seed.Account;
import dev.banyan.money.seed.Transaction;
import dev.banyan.money.seed.User;
import java.time.Clock;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The money app: how I get, spend and save money. The controllers of the monolith, and the routes to them.
 *
 * <p>Whose rows a request is about says the header X-User-Id, which stands for an API client's own authentication, else
 * the session. With neither, the API shows everybody's.
 */
public final class MoneyApp {

    // String#to_i: what Active Record makes of text that is compared with a number.
    private static final Pattern LEADING_NUMBER = Pattern.compile("\\s*(\\d{1,18})");

    private final MoneyTables tables;
    private final StandInForEvents events;
    private final Clock clock;

    public MoneyApp(Clock clock, StandInForEvents events) {
        this.clock = clock;
        this.events = events;
        tables = new MoneyTables(row -> events.add(MoneyJson.event(row)));
    }

    /** How many rows the calling thread has written. */
    public long writesOfThisThread() {
        return tables.writesOfThisThread();
    }

    public Routes routes() {
        return new Routes()
                .add("GET", "/", this::home)
                .add("GET", "/up", call -> up())
                .add("POST", "/login", this::logIn)
                .add("DELETE", "/logout", this::logOut)
                .add("GET", "/api/me", this::me)
                .add("GET", "/api/accounts", this::accounts)
                .add("GET", "/api/accounts/{id}", this::account)
                .add("GET", "/api/accounts/{id}/summary", this::summary)
                .add("GET", "/api/accounts/{id}/transactions", this::transactionsOfAccount)
                .add("GET", "/api/goals", this::goals)
                .add("GET", "/api/inbox", this::inbox)
                .add("GET", "/api/transactions", this::transactions)
                .add("GET", "/api/transactions/{id}", this::transaction)
                .add("POST", "/api/transactions", this::addTransaction);
    }

    private Answer home(Call call) {
        String userId = call.session().userId();
        User user = userId == null ? null : tables.user(toInteger(userId));
        String greeting = user == null ? "Nobody is logged in." : "Hello, " + user.name() + ".";
        return Answer.html(HomePage.html(call.session().maskedCsrfToken(), Html.escape(greeting)));
    }

    /** For load balancers: it looks at nothing, the session least of all. */
    private static Answer up() {
        return Answer.html("<!DOCTYPE html><html><body style=\"background-color: green\"></body></html>");
    }

    private Answer logIn(Call call) {
        String given = call.param("user_id");
        User user = given == null ? null : tables.user(toInteger(given));
        if (user == null) {
            return call.wantsJson() ? Answer.jsonError(401) : new Answer.Failed(401);
        }
        call.session().logIn(user.id());
        return call.wantsJson()
                ? Answer.json(200, MoneyJson.of(user))
                : Answer.redirect(call.origin().url("/"));
    }

    private Answer logOut(Call call) {
        call.session().reset();
        return call.wantsJson()
                ? new Answer.NoContent()
                : Answer.redirect(call.origin().url("/"));
    }

    private Answer me(Call call) {
        Long userId = userOf(call);
        User user = userId == null ? null : tables.user(userId);
        return user == null ? Answer.jsonError(401) : Answer.json(200, MoneyJson.of(user));
    }

    private Answer accounts(Call call) {
        String kind = call.param("kind");
        List<Account> rows = tables.accounts(userOf(call), kind == null || kind.isBlank() ? null : kind);
        return Answer.json(200, MoneyJson.items(rows, MoneyJson::of));
    }

    private Answer account(Call call) {
        Account account = tables.account(call.id(), userOf(call));
        return account == null ? Answer.jsonError(404) : Answer.json(200, MoneyJson.of(account));
    }

    /** Of one's own accounts only; what belongs to others is not there. */
    private Answer summary(Call call) {
        Long userId = userOf(call);
        if (userId == null) {
            return Answer.jsonError(401);
        }
        Account account = tables.account(call.id(), userId);
        if (account == null) {
            return Answer.jsonError(404);
        }
        return Answer.json(
                200,
                MoneyJson.summary(
                        account,
                        tables.amountsOf(account),
                        call.origin().url("/api/accounts/" + account.id() + "/transactions")));
    }

    /** To look into it marks it as read: a GET that writes, as every old app has some. */
    private Answer inbox(Call call) {
        Long userId = userOf(call);
        User user = userId == null ? null : tables.user(userId);
        return user == null ? Answer.jsonError(401) : Answer.json(200, Map.of("unread", tables.readInbox(user.id())));
    }

    private Answer transactionsOfAccount(Call call) {
        Account account = tables.account(call.id(), userOf(call));
        return account == null ? Answer.jsonError(404) : transactions(tables.transactionsOf(account));
    }

    private Answer goals(Call call) {
        return Answer.json(200, MoneyJson.items(tables.goals(userOf(call)), MoneyJson::of));
    }

    private Answer transactions(Call call) {
        return transactions(tables.transactions(userOf(call)));
    }

    private Answer transactions(List<Transaction> rows) {
        Map<String, Object> content = MoneyJson.items(rows, MoneyJson::of);
        content.put("generated_at", RailsJson.time(clock.instant()));
        return Answer.json(200, content);
    }

    private Answer transaction(Call call) {
        Transaction row = tables.transaction(call.id(), userOf(call));
        return row == null ? Answer.jsonError(404) : Answer.json(200, MoneyJson.of(row));
    }

    private Answer addTransaction(Call call) {
        TransactionParams params = TransactionParams.of(call, tables, userOf(call));
        Account account = params.account();
        if (account == null || !params.errors().isEmpty()) {
            return Answer.json(422, Map.of("errors", params.errors()));
        }
        Transaction row = tables.add(
                account, params.amount(), params.description(), clock.instant().truncatedTo(ChronoUnit.MILLIS));
        events.await();
        return Answer.created(call.origin().url("/api/transactions/" + row.id()), MoneyJson.of(row));
    }

    private static @Nullable Long userOf(Call call) {
        String header = call.request().header("X-User-Id");
        String user = header == null || header.isBlank() ? call.session().userId() : header;
        return user == null ? null : toInteger(user);
    }

    private static long toInteger(String text) {
        Matcher number = LEADING_NUMBER.matcher(text);
        return number.lookingAt() ? Long.parseLong(number.group(1)) : 0;
    }
}
