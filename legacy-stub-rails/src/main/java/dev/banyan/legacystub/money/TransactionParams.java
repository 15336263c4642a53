package dev.banyan.legacystub.money;

import dev.banyan.legacystub.rails.Call;
import dev.banyan.money.seed.Account;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The model's validations of a new transaction, with the words that Active Record has for them. */
record TransactionParams(
        @Nullable Account account, BigDecimal amount, String description, Map<String, List<String>> errors) {

    private static final Pattern ID = Pattern.compile("\\d{1,18}");
    private static final Pattern DECIMAL = Pattern.compile("[+-]?\\d{1,12}(\\.\\d{1,12})?");
    private static final BigDecimal LIMIT = new BigDecimal("100000000");
    private static final int LONGEST_DESCRIPTION = 255;

    /**
     * @param userId whose account it must be; null for anybody's
     */
    static TransactionParams of(Call call, MoneyTables tables, @Nullable Long userId) {
        Map<String, List<String>> errors = new LinkedHashMap<>();
        Account account = account(text(call, "account_id"), tables, userId, errors);
        BigDecimal amount = amount(text(call, "amount"), errors);
        String description = description(text(call, "description"), errors);
        return new TransactionParams(account, amount, description, errors);
    }

    private static @Nullable Account account(
            String id, MoneyTables tables, @Nullable Long userId, Map<String, List<String>> errors) {
        Account account = ID.matcher(id).matches() ? tables.account(Long.parseLong(id), userId) : null;
        if (account == null) {
            add(errors, "account", "must exist");
        }
        return account;
    }

    private static BigDecimal amount(String text, Map<String, List<String>> errors) {
        if (text.isEmpty()) {
            add(errors, "amount", "can't be blank");
        }
        if (!DECIMAL.matcher(text).matches()) {
            add(errors, "amount", "is not a number");
            return BigDecimal.ZERO;
        }
        BigDecimal amount = new BigDecimal(text);
        if (amount.signum() == 0) {
            add(errors, "amount", "must be other than 0");
        }
        if (amount.abs().compareTo(LIMIT) >= 0) {
            add(errors, "amount", "must be less than 100000000");
        }
        if (amount.stripTrailingZeros().scale() > 2) {
            add(errors, "amount", "has more than 2 decimals");
        }
        return amount;
    }

    private static String description(String text, Map<String, List<String>> errors) {
        if (text.isEmpty()) {
            add(errors, "description", "can't be blank");
        }
        if (text.codePointCount(0, text.length()) > LONGEST_DESCRIPTION) {
            add(errors, "description", "is too long (maximum is 255 characters)");
        }
        return text;
    }

    private static String text(Call call, String name) {
        String text = call.param(name);
        return text == null ? "" : text.strip();
    }

    private static void add(Map<String, List<String>> errors, String field, String message) {
        errors.computeIfAbsent(field, key -> new ArrayList<>()).add(message);
    }
}
