package dev.banyan.services.accounts;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.banyan.money.seed.Account;
import dev.banyan.money.seed.MoneySeed;
import dev.banyan.services.kit.Journal;
import dev.banyan.services.kit.demo.HandedWrites;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * All accounts: in memory to be read, in a journal to last. Nothing changes them yet; what has moved on them follows the monolith's
 * transactions.
 */
final class AccountBook implements HandedWrites.Taker, AutoCloseable {

    private static final int MOST = 50;

    private final NavigableMap<Long, Account> accounts = new TreeMap<>();
    private final Map<Long, NavigableMap<Long, Account>> byUser = new TreeMap<>();
    private final Map<Long, Movements> ofTheSeed = new HashMap<>();

    /** What the monolith's stub wrote since, and handed over. */
    private final Map<Long, Movements> handed = new HashMap<>();

    private final Journal journal;

    /** What came to an account and went from it. */
    record Movements(int count, BigDecimal sum) {
        static final Movements NONE = new Movements(0, BigDecimal.ZERO);

        Movements plus(Movements more) {
            return new Movements(count + more.count, sum.add(more.sum));
        }
    }

    /** At the first start it takes over the monolith's accounts. */
    AccountBook(Path dataDirectory) throws IOException {
        journal = Journal.open(
                dataDirectory.resolve("accounts.jsonl"),
                () -> MoneySeed.accounts().stream().map(AccountBook::line).toList(),
                line -> keep(account(line)));
        MoneySeed.transactions()
                .forEach(row -> ofTheSeed.merge(row.accountId(), new Movements(1, row.amount()), Movements::plus));
    }

    /**
     * The newest, of a user or of everybody.
     *
     * @param kind only of that kind; null: of any
     */
    List<Account> newest(@Nullable Long userId, @Nullable String kind) {
        NavigableMap<Long, Account> rows = userId == null ? accounts : byUser.get(userId);
        return rows == null
                ? List.of()
                : rows.descendingMap().values().stream()
                        .filter(account -> kind == null || kind.equals(account.kind()))
                        .limit(MOST)
                        .toList();
    }

    @Nullable
    Account find(long id, @Nullable Long userId) {
        Account account = accounts.get(id);
        return account != null && (userId == null || userId == account.userId()) ? account : null;
    }

    /** What has moved on an account. */
    Movements movements(long accountId) {
        return ofTheSeed.getOrDefault(accountId, Movements.NONE).plus(handed.getOrDefault(accountId, Movements.NONE));
    }

    @Override
    public void take(JsonNode row) {
        handed.merge(
                row.path("account_id").asLong(),
                new Movements(1, new BigDecimal(row.path("amount").asText())),
                Movements::plus);
    }

    @Override
    public void forget() {
        handed.clear();
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
