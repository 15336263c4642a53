package dev.banyan.legacystub.money;

import dev.banyan.money.seed.Account;
import dev.banyan.money.seed.Goal;
import dev.banyan.money.seed.MoneySeed;
import dev.banyan.money.seed.Transaction;
import dev.banyan.money.seed.User;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The monolith's database, in memory: what is posted is seen by the next read, and gone with the process.
 *
 * <p>Lists are newest first, at most {@link #MOST} rows.
 */
final class MoneyTables {

    static final int MOST = 50;

    private final Map<Long, User> users = byId(MoneySeed.users(), User::id);
    private final NavigableMap<Long, Account> accounts = byId(MoneySeed.accounts(), Account::id);
    private final NavigableMap<Long, Goal> goals = byId(MoneySeed.goals(), Goal::id);
    private final Map<Long, NavigableMap<Long, Account>> accountsOfUser =
            grouped(MoneySeed.accounts(), Account::userId, Account::id);
    private final Map<Long, NavigableMap<Long, Goal>> goalsOfUser = grouped(MoneySeed.goals(), Goal::userId, Goal::id);

    private final NavigableMap<Long, Transaction> transactions = byId(MoneySeed.transactions(), Transaction::id);
    private final Map<Long, NavigableMap<Long, Transaction>> transactionsOfUser =
            grouped(MoneySeed.transactions(), Transaction::userId, Transaction::id);
    private final Map<Long, NavigableMap<Long, Transaction>> transactionsOfAccount =
            grouped(MoneySeed.transactions(), Transaction::accountId, Transaction::id);
    private final Set<Long> seenInbox = ConcurrentHashMap.newKeySet();
    private final ThreadLocal<Long> writes = ThreadLocal.withInitial(() -> 0L);
    private final Consumer<Transaction> written;
    private final AtomicLong lastTransactionId = new AtomicLong(transactions.lastKey());

    @Nullable
    User user(long id) {
        return users.get(id);
    }

    /** @param written told of each new row, in the order in which they are written */
    MoneyTables(Consumer<Transaction> written) {
        this.written = written;
    }

    /** How many rows the calling thread has written. */
    long writesOfThisThread() {
        return writes.get();
    }

    /**
     * Those of a user, or of everybody.
     *
     * @param kind only of that kind; null: of any
     */
    List<Account> accounts(@Nullable Long userId, @Nullable String kind) {
        return newest(
                userId == null ? accounts : accountsOfUser.get(userId),
                account -> kind == null || kind.equals(account.kind()));
    }

    /** All that came to the account and went from it. */
    Collection<BigDecimal> amountsOf(Account account) {
        return transactionsOfAccount.getOrDefault(account.id(), new ConcurrentSkipListMap<>()).values().stream()
                .map(Transaction::amount)
                .toList();
    }

    /** How many messages a user had not seen; now there are none. */
    int readInbox(long userId) {
        writes.set(writes.get() + 1);
        return seenInbox.add(userId) ? 1 : 0;
    }

    @Nullable
    Account account(long id, @Nullable Long userId) {
        Account account = accounts.get(id);
        return account != null && (userId == null || userId == account.userId()) ? account : null;
    }

    List<Goal> goals(@Nullable Long userId) {
        return newest(userId == null ? goals : goalsOfUser.get(userId));
    }

    List<Transaction> transactions(@Nullable Long userId) {
        return newest(userId == null ? transactions : transactionsOfUser.get(userId));
    }

    List<Transaction> transactionsOf(Account account) {
        return newest(transactionsOfAccount.get(account.id()));
    }

    @Nullable
    Transaction transaction(long id, @Nullable Long userId) {
        Transaction row = transactions.get(id);
        return row != null && (userId == null || userId == row.userId()) ? row : null;
    }

    synchronized Transaction add(Account account, BigDecimal amount, String description, Instant now) {
        Transaction row = new Transaction(
                lastTransactionId.incrementAndGet(), account.id(), account.userId(), amount, description, now);
        transactions.put(row.id(), row);
        into(transactionsOfUser, row.userId()).put(row.id(), row);
        into(transactionsOfAccount, row.accountId()).put(row.id(), row);
        writes.set(writes.get() + 1);
        written.accept(row);
        return row;
    }

    private static <T> List<T> newest(@Nullable NavigableMap<Long, T> rows) {
        return newest(rows, all -> true);
    }

    private static <T> List<T> newest(@Nullable NavigableMap<Long, T> rows, Predicate<T> wanted) {
        return rows == null
                ? List.of()
                : rows.descendingMap().values().stream()
                        .filter(wanted)
                        .limit(MOST)
                        .toList();
    }

    private static <T> NavigableMap<Long, T> byId(Collection<T> rows, Function<T, Long> id) {
        return rows.stream()
                .collect(Collectors.toMap(id, Function.identity(), (a, b) -> b, ConcurrentSkipListMap::new));
    }

    private static <T> Map<Long, NavigableMap<Long, T>> grouped(
            Collection<T> rows, Function<T, Long> group, Function<T, Long> id) {
        Map<Long, NavigableMap<Long, T>> groups = new ConcurrentHashMap<>();
        rows.forEach(row -> into(groups, group.apply(row)).put(id.apply(row), row));
        return groups;
    }

    private static <T> NavigableMap<Long, T> into(Map<Long, NavigableMap<Long, T>> groups, long group) {
        return groups.computeIfAbsent(group, key -> new ConcurrentSkipListMap<>());
    }
}
