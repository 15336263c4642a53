package dev.banyan.services.accounts;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.banyan.moneyseed.Account;
import dev.banyan.moneyseed.MoneySeed;
import dev.banyan.services.kit.Journal;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** All accounts: in memory to be read, in a journal to last. Nothing changes them yet. */
final class AccountBook implements AutoCloseable {

    private static final int MOST = 50;

    private final NavigableMap<Long, Account> accounts = new TreeMap<>();
    private final Map<Long, NavigableMap<Long, Account>> byUser = new TreeMap<>();
    private final Journal journal;

    /** At the first start it takes over the monolith's accounts. */
    AccountBook(Path dataDirectory) throws IOException {
        journal = Journal.open(
                dataDirectory.resolve("accounts.jsonl"),
                () -> MoneySeed.accounts().stream().map(AccountBook::line).toList(),
                line -> keep(account(line)));
    }

    /** The newest, of a user or of everybody. */
    List<Account> newest(@Nullable Long userId) {
        NavigableMap<Long, Account> rows = userId == null ? accounts : byUser.get(userId);
        return rows == null
                ? List.of()
                : rows.descendingMap().values().stream().limit(MOST).toList();
    }

    @Nullable
    Account find(long id, @Nullable Long userId) {
        Account account = accounts.get(id);
        return account != null && (userId == null || userId == account.userId()) ? account : null;
    }

    @Override
    public void close() throws IOException {
        journal.close();
    }

    private void keep(Account account) {
        accounts.put(account.id(), account);
        byUser.computeIfAbsent(account.userId(), user -> new TreeMap<>()).put(account.id(), account);
    }

    private static ObjectNode line(Account account) {
        return JsonNodeFactory.instance
                .objectNode()
                .put("id", account.id())
                .put("user_id", account.userId())
                .put("name", account.name())
                .put("kind", account.kind())
                .put("currency", account.currency())
                .put("opening_balance", account.openingBalance().toPlainString())
                .put("created_at", account.createdAt().toString());
    }

    private static Account account(JsonNode line) {
        return new Account(
                line.path("id").asLong(),
                line.path("user_id").asLong(),
                line.path("name").asText(),
                line.path("kind").asText(),
                line.path("currency").asText(),
                new BigDecimal(line.path("opening_balance").asText()),
                Instant.parse(line.path("created_at").asText()));
    }
}
