package dev.banyan.stores.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.banyan.controlplane.admin.audit.AuditFilter;
import dev.banyan.controlplane.admin.audit.AuditLog;
import dev.banyan.controlplane.admin.audit.AuditStore;
import dev.banyan.json.Json;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The files of the audit log: full ones are kept, no whole line is ever lost, and pages lead through all of them. */
class FileAuditStoreTest {
    private static final long SMALL = 200;
    private static final AuditFilter ALL = new AuditFilter(Optional.empty(), Optional.empty());

    @TempDir
    Path data;

    @Test
    void a_full_file_is_kept_under_its_number_and_pages_lead_through_all_of_them() throws Exception {
        try (FileAuditStore store = open()) {
            append(store, 1, 50);

            assertThat(read(store, 7)).isEqualTo(newestFirst(50));
        }
        assertThat(files()).contains("audit-000001.jsonl", "audit-000002.jsonl", "audit.jsonl");
        for (String file : files()) {
            assertThat(Files.size(data.resolve(file))).isLessThanOrEqualTo(SMALL);
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(data.resolve(file))))
                    .isEqualTo("rw-------");
        }
    }

    @Test
    void a_restart_goes_on_with_the_next_number() throws Exception {
        for (int start = 1; start <= 50; start += 10) {
            try (FileAuditStore store = open()) {
                append(store, start, start + 9);
            }
        }

        try (FileAuditStore store = open()) {
            assertThat(read(store, 100)).isEqualTo(newestFirst(50));
        }
    }

    @Test
    void an_entry_that_alone_is_larger_than_a_file_is_kept_whole() throws Exception {
        try (FileAuditStore store = open()) {
            append(store, 1, 3);
            append(store, Json.object().put("n", 4).put("reason", "x".repeat(1_000)));
            append(store, 5, 6);

            assertThat(read(store, 100)).isEqualTo(newestFirst(6));
        }
    }

    @Test
    void the_oldest_files_may_be_moved_away_and_the_ids_of_the_others_stay() throws Exception {
        try (FileAuditStore store = open()) {
            append(store, 1, 50);
            List<Long> ids = ids(store);
            Files.delete(data.resolve("audit-000001.jsonl"));

            List<Long> left = ids(store);

            assertThat(left).hasSizeBetween(40, 49).isEqualTo(ids.subList(0, left.size()));
        }
    }

    @Test
    void a_crash_between_the_two_steps_of_a_rotation_loses_nothing() throws Exception {
        try (FileAuditStore store = open()) {
            append(store, 1, 5);
        }
        Files.move(data.resolve("audit.jsonl"), data.resolve("audit-%06d.jsonl".formatted(files().size())));

        try (FileAuditStore store = open()) {
            append(store, 6, 8);

            assertThat(read(store, 100)).isEqualTo(newestFirst(8));
        }
    }

    @Test
    void half_a_line_is_ended_and_every_whole_line_stays() throws Exception {
        try (FileAuditStore store = open()) {
            append(store, 1, 20);
        }
        Files.writeString(data.resolve("audit.jsonl"), "{\"n\":21,\"rea", StandardOpenOption.APPEND);

        try (FileAuditStore store = open()) {
            append(store, 21, 22);

            assertThat(read(store, 3)).isEqualTo(newestFirst(22));
        }
    }

    @Test
    void on_a_full_disk_lines_wait_and_are_written_in_their_order_once_there_is_room() throws Exception {
        FullDisk disk = new FullDisk();
        try (FileAuditStore store = FileAuditStore.open(data, disk, FileAuditStore.FULL_BYTES)) {
            AuditLog log = new AuditLog(store);
            append(store, 1, 3);
            disk.full = true;
            assertThatThrownBy(() -> append(log, 4)).hasMessageContaining("No space left on device");
            assertThatThrownBy(() -> append(log, 5)).hasMessageContaining("No space left on device");
            log.catchUp();
            assertThat(log.notKept())
                    .hasValueSatisfying(why -> assertThat(why.toString())
                            .contains("audit.jsonl: No space left on device; fix: free some of the disk"));
            assertThat(read(store, 100)).as("what there is can be read").isEqualTo(newestFirst(3));
            disk.full = false;
            log.catchUp();

            assertThat(log.notKept()).isEmpty();
            append(log, 6);
            assertThat(read(store, 100)).isEqualTo(newestFirst(6));
        }
    }

    @Test
    void a_disk_that_fails_to_sync_breaks_it_until_a_restart() throws Exception {
        FullDisk disk = new FullDisk();
        try (FileAuditStore store = FileAuditStore.open(data, disk, FileAuditStore.FULL_BYTES)) {
            AuditLog log = new AuditLog(store);
            append(store, 1, 3);
            disk.unsynced = true;
            assertThatThrownBy(() -> append(log, 4)).hasMessageContaining("Input/output error");
            disk.unsynced = false;
            log.catchUp();
            assertThatThrownBy(() -> append(log, 5)).hasMessageContaining("an earlier write failed");

            assertThat(log.notKept())
                    .hasValueSatisfying(why ->
                            assertThat(why.fix()).isEqualTo("see to the disk of the data directory, then restart"));
        }
    }

    @Test
    void a_number_that_is_taken_already_is_not_written_over() throws Exception {
        try (FileAuditStore store = open()) {
            Files.writeString(data.resolve("audit-000001.jsonl"), "{\"n\":0}\n");

            assertThatThrownBy(() -> append(store, 1, 50)).hasMessageContaining("audit-000001.jsonl");
        }
        assertThat(Files.readString(data.resolve("audit-000001.jsonl"))).isEqualTo("{\"n\":0}\n");
    }

    private FileAuditStore open() throws IOException {
        return FileAuditStore.open(data, AuditFile::open, SMALL);
    }

    private static void append(FileAuditStore store, int from, int to) throws IOException {
        for (int n = from; n <= to; n++) {
            append(store, Json.object().put("n", n).put("reason", "r"));
        }
    }

    private static void append(AuditStore store, ObjectNode entry) throws IOException {
        store.append(new ArrayDeque<>(List.of(entry)));
    }

    private static void append(AuditLog log, int n) throws IOException {
        log.append(Json.object().put("n", n).put("reason", "r"));
    }

    private static List<Integer> newestFirst(int count) {
        return IntStream.rangeClosed(1, count).mapToObj(n -> count + 1 - n).toList();
    }

    private static List<Integer> read(FileAuditStore store, int limit) throws IOException {
        return all(store, limit).stream().map(entry -> entry.path("n").asInt()).toList();
    }

    private static List<Long> ids(FileAuditStore store) throws IOException {
        return all(store, 3).stream().map(entry -> entry.path("id").asLong()).toList();
    }

    private static List<ObjectNode> all(FileAuditStore store, int limit) throws IOException {
        List<ObjectNode> entries = new ArrayList<>();
        OptionalLong next = OptionalLong.of(Long.MAX_VALUE);
        while (next.isPresent()) {
            AuditStore.Page page = store.read(next.getAsLong(), limit, ALL).orElseThrow();
            entries.addAll(page.entries());
            next = page.next();
        }
        return entries;
    }

    private List<String> files() throws IOException {
        try (Stream<Path> files = Files.list(data)) {
            return files.map(file -> file.getFileName().toString()).sorted().toList();
        }
    }

    /** A disk that takes half of what is written once it is full. */
    private static final class FullDisk implements AuditFile.Opening {
        private boolean full;
        private boolean unsynced;

        @Override
        public AuditFile open(Path path) throws IOException {
            AuditFile file = AuditFile.open(path);
            return new AuditFile() {
                @Override
                public long size() throws IOException {
                    return file.size();
                }

                @Override
                public void append(ByteBuffer bytes) throws IOException {
                    if (full) {
                        file.append(bytes.limit(bytes.limit() / 2));
                        throw new IOException("No space left on device");
                    }
                    file.append(bytes);
                }

                @Override
                public void truncate(long size) throws IOException {
                    file.truncate(size);
                }

                @Override
                public void force() throws IOException {
                    if (unsynced) {
                        throw new IOException("Input/output error");
                    }
                    file.force();
                }

                @Override
                public void close() throws IOException {
                    file.close();
                }
            };
        }
    }
}
