package dev.banyan.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

class TextTableTest {

    @Test
    void columns_are_as_wide_as_their_widest_cell_and_numbers_stand_to_the_right() {
        TextTable table = new TextTable("ROUTE", "CANARY", "NOTE");
        table.row("accounts", "5%", "").row("t", "100%", "-").row("x", "-", "its file says 5%");

        assertThat(table.lines())
                .containsExactly(
                        "ROUTE     CANARY  NOTE",
                        "accounts      5%",
                        "t           100%  -",
                        "x              -  its file says 5%");
    }

    /** Ten thousand routes were laid out by asking all rows for every cell. */
    @Test
    void a_row_is_asked_for_once_however_many_there_are() {
        Asked rows = new Asked();
        TextTable table = new TextTable(rows, "A", "B", "C");
        for (int row = 0; row < 1_000; row++) {
            table.row("a" + row, "1", "c");
        }

        assertThat(table.lines()).hasSize(1_001);
        assertThat(rows.asked).isEqualTo(1_000);
    }

    /** Counts how many rows were handed out. */
    private static final class Asked extends ArrayList<List<String>> {
        private static final long serialVersionUID = 1;

        private int asked;

        @Override
        public List<String> get(int index) {
            asked++;
            return super.get(index);
        }

        @Override
        public void forEach(Consumer<? super List<String>> action) {
            super.forEach(row -> {
                asked++;
                action.accept(row);
            });
        }

        @Override
        public Iterator<List<String>> iterator() {
            Iterator<List<String>> rows = super.iterator();
            return new Iterator<>() {
                @Override
                public boolean hasNext() {
                    return rows.hasNext();
                }

                @Override
                public List<String> next() {
                    asked++;
                    return rows.next();
                }
            };
        }
    }
}
