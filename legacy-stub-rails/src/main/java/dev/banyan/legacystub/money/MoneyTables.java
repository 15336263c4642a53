package dev.banyan.legacystub.money;

import dev.banyan.moneyseed.Account;
import dev.banyan.moneyseed.Goal;
import dev.banyan.moneyseed.MoneySeed;
import dev.banyan.moneyseed.Transaction;
import dev.banyan.moneyseed.User;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
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
    private final AtomicLong lastTransactionId = new AtomicLong(transactions.lastKey());

    @Nullable
    User user(long id) {
        return users.get(id);
    }

    /** Those of a user, or of everybody. */
    List<Account> accounts(@Nullable Long userId) {
        return newest(userId == null ? accounts : accountsOfUser.get(userId));
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

    Transaction add(Account account, BigDecimal amount, String description, Instant now) {
        Transaction row = new Transaction(
                lastTransactionId.incrementAndGet(), account.id(), account.userId(), amount, description, now);
        transactions.put(row.id(), row);
        into(transactionsOfUser, row.userId()).put(row.id(), row);
        into(transactionsOfAccount, row.accountId()).put(row.id(), row);
        return row;
    }

    private static <T> List<T> newest(@Nullable NavigableMap<Long, T> rows) {
        return rows == null
                ? List.of()
                : rows.descendingMap().values().stream().limit(MOST).toList();
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
