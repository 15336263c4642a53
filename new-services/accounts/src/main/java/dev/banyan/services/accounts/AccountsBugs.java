package dev.banyan.services.accounts;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.banyan.money.seed.Account;
import dev.banyan.services.kit.UserHeader;
import dev.banyan.services.kit.answers.Answer;
import dev.banyan.services.kit.demo.Bug;
import dev.banyan.services.kit.demo.Bug.ShowsIn;
import io.vertx.ext.web.RoutingContext;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What a squad may well get wrong when it writes the monolith's accounts anew. Each of these happened to somebody. */
final class AccountsBugs {
    private static final String KIND = "kind";
    private static final Pattern ACCOUNT_THAT_FAILS = Pattern.compile("/api/accounts/13(/|$)");
    private static final Pattern SUMMARY = Pattern.compile("/api/accounts/(\\d{1,18})/summary");

    private AccountsBugs() {}

    static List<Bug> all(AccountBook book) {
        return List.of(
                new Bug(
                        "wrong-order",
                        ShowsIn.READS,
                        "$.items",
                        "the oldest account comes first",
                        Bug.lists(AccountsBugs::turn)),
                new Bug(
                        "case-of-a-key",
                        ShowsIn.READS,
                        "$.items[*].user_id",
                        "a key is written as its Java field is",
                        Bug.rows(row -> rename(row, "user_id", "userId"))),
                new Bug(
                        "enum-renamed",
                        ShowsIn.READS,
                        "$.items[*].kind",
                        "what was called checking is called current",
                        Bug.rows(row -> {
                            if (row.path(KIND).asText().equals("checking")) {
                                row.put(KIND, "current");
                            }
                        })),
                new Bug(
                        "null-for-absent",
                        ShowsIn.NOTHING,
                        "",
                        "a field that the monolith leaves out is there, and null",
                        Bug.rows(row -> row.putNull("closed_at"))),
                new Bug(
                        "empty-list-for-an-error",
                        ShowsIn.READS,
                        "status",
                        "what is not found is answered with an empty list",
                        Bug.answers(
                                answer -> answer.status() == 404,
                                answer -> Answer.json(200, Map.of("items", List.of())))),
                new Bug(
                        "ignored-filter",
                        ShowsIn.READS,
                        "$.items[*]",
                        "the list is whole, whatever kind was asked for",
                        Bug.reads(context -> {
                            context.queryParams().remove(KIND);
                            context.next();
                        })),
                new Bug(
                        "wrong-link-host",
                        ShowsIn.READS,
                        "$.transactions_url",
                        "a link leads to the service itself, where no client comes",
                        Bug.content(document -> {
                            JsonNode link = document.path("transactions_url");
                            if (link.isTextual()) {
                                document.put(
                                        "transactions_url",
                                        link.asText().replaceFirst("://[^/]+", "://accounts.internal:8081"));
                            }
                        })),
                new Bug(
                        "500-for-one-id",
                        ShowsIn.READS,
                        "status",
                        "account 13 cannot be shown",
                        Bug.failing(request ->
                                ACCOUNT_THAT_FAILS.matcher(request.path()).lookingAt())),
                new Bug(
                        "skipped-user-check",
                        ShowsIn.ANONYMOUS,
                        "access",
                        "everybody gets every account's summary",
                        Bug.reads(context -> askAsOwner(context, book))),
                new Bug(
                        "skipped-owner-check",
                        ShowsIn.PROBE,
                        "access",
                        "who is signed in gets every account's summary",
                        Bug.reads(context -> {
                            if (UserHeader.of(context.request()) == null) {
                                context.next();
                            } else {
                                askAsOwner(context, book);
                            }
                        })));
    }

    private static void turn(ArrayNode items) {
        List<JsonNode> turned = new ArrayList<>();
        items.forEach(item -> turned.add(0, item));
        items.removeAll();
        items.addAll(turned);
    }

    private static void rename(ObjectNode row, String from, String to) {
        JsonNode value = row.remove(from);
        if (value != null) {
            row.set(to, value);
        }
    }

    private static void askAsOwner(RoutingContext context, AccountBook book) {
        Matcher summary = SUMMARY.matcher(context.request().path());
        Account account = summary.matches() ? book.find(Long.parseLong(summary.group(1)), null) : null;
        if (account != null) {
            context.request().headers().set(UserHeader.NAME, Long.toString(account.userId()));
        }
        context.next();
    }
}
