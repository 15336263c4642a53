package dev.banyan.routing.file;

import static org.assertj.core.api.Assertions.assertThat;

import dev.banyan.routing.BaseTable;
import java.util.List;
import org.junit.jupiter.api.Test;

class NotInForceTest {

    @Test
    void what_is_written_and_not_served_yet_is_told() {
        assertThat(NotInForce.of(good("good-every-key"))).containsExactly("routes.accounts.ramp is not in force yet");
    }

    @Test
    void what_is_served_is_not() {
        assertThat(NotInForce.of(good("good-nothing-under-routes"))).isEqualTo(List.of());
    }

    private static BaseTable good(String name) {
        return Cases.all().stream()
                .filter(table -> table.name().equals(name))
                .map(table -> ((Reading.Read) RoutesFiles.read(table.files())).table())
                .findFirst()
                .orElseThrow();
    }
}
