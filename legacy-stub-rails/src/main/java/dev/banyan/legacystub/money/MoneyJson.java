package dev.banyan.legacystub.money;

import static dev.banyan.money.json.RailsJson.decimal;
import static dev.banyan.money.json.RailsJson.time;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.banyan.money.seed.Account;
import dev.banyan.money.seed.Goal;
import dev.banyan.money.seed.Transaction;
import dev.banyan.money.seed.User;
import java.math.BigDecimal;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/** The rows as the API shows them: the columns in the order of the table, names in snake case. */
final class MoneyJson {

    private MoneyJson() {}

    static Map<String, Object> of(User user) {
        Map<String, Object> row = new LinkedHashMap<>();
        row.put("id", user.id());
        row.put("name", user.name());
        row.put("email", user.email());
        return row;
    }

    static Map<String, Object> of(Account account) {
        Map<String, Object> row = new LinkedHashMap<>();
        row.put("id", account.id());
        row.put("user_id", account.userId());
        row.put("name", account.name());
        row.put("kind", account.kind());
        row.put("currency", account.currency());
        row.put("opening_balance", decimal(account.openingBalance()));
        row.put("created_at", time(account.createdAt()));
        row.put("updated_at", time(account.createdAt()));
        return row;
    }

    static Map<String, Object> of(Transaction transaction) {
        Map<String, Object> row = new LinkedHashMap<>();
        row.put("id", transaction.id());
        row.put("account_id", transaction.accountId());
        row.put("user_id", transaction.userId());
        row.put("amount", decimal(transaction.amount()));
        row.put("description", transaction.description());
        row.put("reference", transaction.reference());
        row.put("created_at", time(transaction.createdAt()));
        row.put("updated_at", time(transaction.createdAt()));
        return row;
    }

    static Map<String, Object> summary(Account account, Collection<BigDecimal> amounts, String transactionsUrl) {
        Map<String, Object> content = new LinkedHashMap<>();
        content.put("account_id", account.id());
        content.put("user_id", account.userId());
        content.put("name", account.name());
        content.put("currency", account.currency());
        content.put("balance", decimal(amounts.stream().reduce(account.openingBalance(), BigDecimal::add)));
        content.put("transactions", amounts.size());
        content.put("transactions_url", transactionsUrl);
        return content;
    }

    /** As the services are handed it. */
    static ObjectNode event(Transaction transaction) {
        return JsonNodeFactory.instance
                .objectNode()
                .put("id", transaction.id())
                .put("account_id", transaction.accountId())
                .put("user_id", transaction.userId())
                .put("amount", transaction.amount().toPlainString())
                .put("description", transaction.description())
                .put("created_at", transaction.createdAt().toString());
    }

    static Map<String, Object> of(Goal goal) {
        Map<String, Object> row = new LinkedHashMap<>();
        row.put("id", goal.id());
        row.put("user_id", goal.userId());
        row.put("name", goal.name());
        row.put("target", decimal(goal.target()));
        row.put("saved", decimal(goal.saved()));
        row.put("created_at", time(goal.createdAt()));
        row.put("updated_at", time(goal.createdAt()));
        return row;
    }

    static <T> Map<String, Object> items(List<T> rows, Function<T, Map<String, Object>> json) {
        Map<String, Object> content = new LinkedHashMap<>();
        content.put("items", rows.stream().map(json).toList());
        return content;
    }
}
