package dev.banyan.money.seed;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import java.time.Instant;
import java.util.Comparator;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

final class MoneySeedTest {

    @Test
    void every_user_has_two_accounts_of_ten_transactions_each() {
        assertThat(MoneySeed.users()).hasSize(200);
        assertThat(MoneySeed.accounts().stream()
                        .collect(Collectors.groupingBy(Account::userId, Collectors.counting()))
                        .values())
                .hasSize(200)
                .containsOnly(2L);
        assertThat(MoneySeed.transactions().stream()
                        .collect(Collectors.groupingBy(Transaction::accountId, Collectors.counting()))
                        .values())
                .hasSize(400)
                .containsOnly(10L);
    }

    @Test
    void a_transaction_belongs_to_the_owner_of_its_account() {
        var ownerOf = MoneySeed.accounts().stream().collect(Collectors.toMap(Account::id, Account::userId));

        assertThat(MoneySeed.transactions())
                .allSatisfy(row -> assertThat(ownerOf.get(row.accountId())).isEqualTo(row.userId()));
    }

    @Test
    void a_higher_id_is_a_later_transaction_and_none_lies_in_the_future_of_2026() {
        assertThat(MoneySeed.transactions()).isSortedAccordingTo(Comparator.comparing(Transaction::createdAt));
        assertThat(MoneySeed.transactions().get(3999).createdAt()).isBefore(Instant.parse("2026-11-05T00:00:00Z"));
    }

    @Test
    void the_rows_are_the_same_at_every_start_on_every_machine() {
        assertThat(MoneySeed.transactions()).isEqualTo(MoneySeed.transactions());
        assertThat(MoneySeed.transactions().get(0))
                .isEqualTo(new Transaction(
                        1,
                        320,
                        160,
                        new BigDecimal("-29.50"),
                        "Caf\u00e9 Z\u00fcrich",
                        Instant.parse("2026-01-05T09:48:00.137Z")));
    }
}
