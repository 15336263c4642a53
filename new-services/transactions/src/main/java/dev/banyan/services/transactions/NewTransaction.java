package dev.banyan.services.transactions;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What a client wants to add, and what is wrong with it, in the monolith's words.
 *
 * @param ownerId of the account; 0 if there is none
 */
record NewTransaction(
        long accountId, long ownerId, BigDecimal amount, String description, Map<String, List<String>> errors) {

    private static final Pattern ID = Pattern.compile("\\d{1,18}");
    private static final Pattern DECIMAL = Pattern.compile("[+-]?\\d{1,12}(\\.\\d{1,12})?");
    private static final BigDecimal LIMIT = new BigDecimal("100000000");
    private static final int LONGEST_DESCRIPTION = 255;

    /**
     * @param userId whose account it must be; null for anybody's
     */
    static NewTransaction of(Map<String, String> params, TransactionBook book, @Nullable Long userId) {
        Map<String, List<String>> errors = new LinkedHashMap<>();
        long accountId = accountId(text(params, "account_id"));
        Long owner = book.ownerOf(accountId);
        if (owner == null || (userId != null && !userId.equals(owner))) {
            add(errors, "account", "must exist");
        }
        return new NewTransaction(
                accountId,
                owner == null ? 0 : owner,
                amount(text(params, "amount"), errors),
                description(text(params, "description"), errors),
                errors);
    }

    private static long accountId(String text) {
        return ID.matcher(text).matches() ? Long.parseLong(text) : 0;
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

    private static String text(Map<String, String> params, String name) {
        return params.getOrDefault(name, "").strip();
    }

    private static void add(Map<String, List<String>> errors, String field, String message) {
        errors.computeIfAbsent(field, key -> new ArrayList<>()).add(message);
    }
}
