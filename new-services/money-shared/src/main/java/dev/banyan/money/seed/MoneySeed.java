package dev.banyan.money.seed;

import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Random;
import java.util.function.LongFunction;
import java.util.stream.LongStream;

/**
 * The rows that every side of the money app begins with: 200 users, two accounts and one goal each, ten transactions an
 * account.
 *
 * <p>The same on every machine and at every start: ids, amounts and times are drawn from {@link Random}, whose sequence
 * for a seed is part of its contract. A later transaction has a higher id, so that newest first is highest id first.
 */
public final class MoneySeed {

    public static final int USERS = 200;
    public static final int ACCOUNTS = 2 * USERS;
    public static final int TRANSACTIONS = 10 * ACCOUNTS;

    private static final Instant OPENED = Instant.parse("2026-01-05T08:00:00.000Z");
    private static final Duration BETWEEN_TRANSACTIONS = Duration.ofMillis(6_480_137);

    private static final List<String> FIRST_NAMES =
            List.of("Ada", "Grace", "Alan", "Barbara", "Edsger", "Frances", "Donald", "Radia", "Niklaus", "Margaret");
    private static final List<String> LAST_NAMES =
            List.of("Meyer", "Okafor", "Silva", "Novak", "Haddad", "Tanaka", "Larsen", "Rossi", "Kaur", "O'Neill");
    private static final List<String> GOALS = List.of("A bicycle", "A new roof", "Three months off", "A rainy day");
    private static final List<String> SPENT_ON = List.of(
            "Groceries", "Rent", "Train ticket", "Books & paper", "Coffee", "Electricity", "Caf\u00e9 Z\u00fcrich");

    private MoneySeed() {}

    public static List<User> users() {
        return rows(USERS, MoneySeed::user);
    }

    public static List<Account> accounts() {
        return rows(ACCOUNTS, MoneySeed::account);
    }

    public static List<Transaction> transactions() {
        return rows(TRANSACTIONS, MoneySeed::transaction);
    }

    public static List<Goal> goals() {
        return rows(USERS, MoneySeed::goal);
    }

    private static User user(long id) {
        String first = pick(FIRST_NAMES, id);
        String last = pick(LAST_NAMES, id / FIRST_NAMES.size());
        return new User(id, first + " " + last, "user" + id + "@money.test");
    }

    private static Account account(long id) {
        boolean everyday = id % 2 == 1;
        return new Account(
                id,
                (id + 1) / 2,
                everyday ? "Everyday" : "Savings",
                everyday ? "checking" : "savings",
                "EUR",
                cents(randomOf("account", id).nextInt(500_000)),
                OPENED.plusSeconds(id));
    }

    private static Transaction transaction(long id) {
        // 7919 is prime to the number of accounts: ten transactions fall on each, far apart in time.
        long accountId = 1 + id * 7919 % ACCOUNTS;
        Random random = randomOf("transaction", id);
        boolean income = random.nextInt(5) == 0;
        return new Transaction(
                id,
                accountId,
                (accountId + 1) / 2,
                cents(income ? 100_000 + random.nextInt(300_000) : -1 - random.nextInt(20_000)),
                income ? "Salary" : pick(SPENT_ON, random.nextInt(SPENT_ON.size())),
                OPENED.plus(BETWEEN_TRANSACTIONS.multipliedBy(id)));
    }

    private static Goal goal(long id) {
        int target = 50_000 + randomOf("goal", id).nextInt(950_000);
        return new Goal(id, id, pick(GOALS, id), cents(target), cents(target / 3), OPENED.plusSeconds(3600 + id));
    }

    private static <T> List<T> rows(int count, LongFunction<T> row) {
        return LongStream.rangeClosed(1, count).mapToObj(row).toList();
    }

    private static BigDecimal cents(int cents) {
        return BigDecimal.valueOf(cents, 2);
    }

    private static <T> T pick(List<T> from, long index) {
        return from.get((int) (index % from.size()));
    }

    /** Drawn for each row by itself, so that more rows of one kind would not change those of another. */
    private static Random randomOf(String kind, long id) {
        return new Random(kind.hashCode() * 1_000_003L + id * 7_919L);
    }
}
