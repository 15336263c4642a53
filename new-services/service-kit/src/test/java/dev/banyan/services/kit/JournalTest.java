package dev.banyan.services.kit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class JournalTest {

    @TempDir
    private Path directory;

    private Path file;
    private final List<Integer> replayed = new ArrayList<>();

    @BeforeEach
    void nameTheFile() {
        file = directory.resolve("data").resolve("rows.jsonl");
    }

    @Test
    void a_new_file_begins_with_the_first_lines_and_an_old_one_does_not_get_them_again() throws IOException {
        open(1, 2).close();
        replayed.clear();

        open(3).close();

        assertThat(replayed).containsExactly(1, 2);
    }

    @Test
    void what_was_acknowledged_is_there_after_a_restart() throws IOException {
        try (Journal journal = open(1)) {
            List<CompletableFuture<Void>> written = IntStream.rangeClosed(2, 500)
                    .mapToObj(row -> journal.append(row(row)).toCompletableFuture())
                    .toList();
            written.forEach(CompletableFuture::join);
        }
        replayed.clear();

        open().close();

        assertThat(replayed)
                .containsExactlyElementsOf(IntStream.rangeClosed(1, 500).boxed().toList());
    }

    @Test
    void a_line_that_a_crash_cut_short_is_cut_off_and_the_next_one_stands_by_itself() throws IOException {
        open(1).close();
        Files.writeString(file, "{\"id\":99,\"amo", StandardOpenOption.APPEND);

        try (Journal journal = open()) {
            journal.append(row(2)).toCompletableFuture().join();
        }

        assertThat(Files.readString(file)).isEqualTo("{\"id\":1}\n{\"id\":2}\n");
    }

    @Test
    void damage_anywhere_else_stops_the_start_with_the_place() throws IOException {
        open(1).close();
        Files.writeString(file, "{\"id\":\n{\"id\":3}\n", StandardOpenOption.APPEND);

        assertThatThrownBy(this::open)
                .isInstanceOf(IOException.class)
                .hasMessage(file + ":2: no JSON; restore the file from a copy");
    }

    @Test
    void a_second_process_is_refused() throws IOException {
        try (Journal first = open(1)) {
            assertThat(first).isNotNull();
            assertThatThrownBy(this::open).isInstanceOf(IOException.class).hasMessageContaining("--data");
        }
    }

    @Test
    void a_first_start_that_was_cut_short_begins_again() throws IOException {
        Files.createDirectories(file.getParent());
        Files.writeString(file.resolveSibling("rows.jsonl.new"), "{\"id\":1}\n{\"id");

        open(1, 2).close();

        assertThat(replayed).containsExactly(1, 2);
    }

    private Journal open(int... firstRows) throws IOException {
        return Journal.open(
                file,
                () -> IntStream.of(firstRows).mapToObj(JournalTest::row).toList(),
                line -> replayed.add(line.path("id").asInt()));
    }

    private static ObjectNode row(int id) {
        return JsonNodeFactory.instance.objectNode().put("id", id);
    }
}
