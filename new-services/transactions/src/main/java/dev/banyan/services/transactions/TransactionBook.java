package dev.banyan.services.transactions;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.banyan.money.seed.MoneySeed;
import dev.banyan.money.seed.Transaction;
import dev.banyan.services.kit.Journal;
import dev.banyan.services.kit.demo.HandedWrites;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * All transactions, and of the accounts what they need to know: which there are, and whose. In memory to be read, in a
 * journal to last. After its start it is used on the event loop only.
 */
final class TransactionBook implements HandedWrites.Taker, AutoCloseable {

    /**
     * The first id this service gives away.
     *
     * <p>While the transactions move, both sides give ids to new rows: writes may go to either, or go back to the
     * monolith after a rollback. The monolith counts on from the highest id it has (4000 at the start), so one id would
     * soon mean two rows. A gap of a million keeps them apart without a word between the two; a demo does not write that
     * much to the monolith.
     */
    static final long FIRST_ID_OF_OUR_OWN = 1_000_000;

    private static final int MOST = 50;
    private static final String KIND = "kind";
    private static final String ACCOUNT = "account";
    private static final String TRANSACTION = "transaction";

    private final Map<Long, Long> ownerOfAccount = new HashMap<>();
    private final NavigableMap<Long, Transaction> transactions = new TreeMap<>();
    private final Map<Long, NavigableMap<Long, Transaction>> byUser = new HashMap<>();

    /** What the monolith's stub wrote and handed over. Not in the journal: the stub has it again, or has lost it, too. */
    private final Set<Long> handed = new HashSet<>();

    private final Journal journal;
    private long nextId = FIRST_ID_OF_OUR_OWN;

    /** At the first start it takes over the monolith's transactions. */
    TransactionBook(Path dataDirectory) throws IOException {
        journal =
                Journal.open(dataDirectory.resolve("transactions.jsonl"), TransactionBook::ofTheMonolith, this::replay);
    }

    /** The newest, of a user or of everybody. */
    List<Transaction> newest(@Nullable Long userId) {
        NavigableMap<Long, Transaction> rows = userId == null ? transactions : byUser.get(userId);
        return rows == null
                ? List.of()
                : rows.descendingMap().values().stream().limit(MOST).toList();
    }

    @Nullable
    Transaction find(long id, @Nullable Long userId) {
        Transaction row = transactions.get(id);
        return row != null && (userId == null || userId == row.userId()) ? row : null;
    }

    /** The owner of an account; null if there is no such account. */
    @Nullable
    Long ownerOf(long accountId) {
        return ownerOfAccount.get(accountId);
    }

    /** Completes, on the caller's event loop, when the row is on disk; only then it is seen. */
    Future<Transaction> add(long accountId, long userId, BigDecimal amount, String description, Instant now) {
        Transaction row = new Transaction(nextId++, accountId, userId, amount, description, now);
        return Future.fromCompletionStage(journal.append(line(row)), Vertx.currentContext())
                .map(written -> {
                    keep(row);
                    return row;
                });
    }

    @Override
    public void take(JsonNode row) {
        Transaction taken = transaction(row);
        handed.add(taken.id());
        keep(taken);
    }

    @Override
    public void forget() {
        for (Long id : handed) {
            Transaction row = transactions.remove(id);
            if (row != null) {
                byUser.getOrDefault(row.userId(), new TreeMap<>()).remove(id);
            }
        }
        handed.clear();
    }

    @Override
    public void close() throws IOException {
        journal.close();
    }

    private void replay(JsonNode line) {
        if (line.path(KIND).asText().equals(ACCOUNT)) {
            ownerOfAccount.put(line.path("id").asLong(), line.path("user_id").asLong());
        } else {
            keep(transaction(line));
        }
    }

    private void keep(Transaction row) {
        transactions.put(row.id(), row);
        byUser.computeIfAbsent(row.userId(), user -> new TreeMap<>()).put(row.id(), row);
        nextId = Math.max(nextId, row.id() + 1);
    }

    private static List<ObjectNode> ofTheMonolith() {
        Stream<ObjectNode> accounts = MoneySeed.accounts().stream()
                .map(account -> JsonNodeFactory.instance
                        .objectNode()
                        .put(KIND, ACCOUNT)
                        .put("id", account.id())
                        .put("user_id", account.userId()));
        return Stream.concat(accounts, MoneySeed.transactions().stream().map(TransactionBook::line))
                .toList();
    }

    private static ObjectNode line(Transaction row) {
        return JsonNodeFactory.instance
                .objectNode()
                .put(KIND, TRANSACTION)
                .put("id", row.id())
                .put("account_id", row.accountId())
                .put("user_id", row.userId())
                .put("amount", row.amount().toPlainString())
                .put("description", row.description())
                .put("created_at", row.createdAt().toString());
    }

    private static Transaction transaction(JsonNode line) {
        return new Transaction(
                line.path("id").asLong(),
                line.path("account_id").asLong(),
                line.path("user_id").asLong(),
                new BigDecimal(line.path("amount").asText()),
                line.path("description").asText(),
                Instant.parse(line.path("created_at").asText()));
    }
}
