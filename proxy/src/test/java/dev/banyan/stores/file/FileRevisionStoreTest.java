package dev.banyan.stores.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.banyan.controlplane.revisions.RevisionStore.Appended;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.Arrays;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FileRevisionStoreTest {

    @TempDir
    Path temporary;

    private Path data() {
        return temporary.resolve("data");
    }

    private Path log() {
        return data().resolve("revisions.log");
    }

    private void store(int revisions) throws IOException {
        try (FileRevisionStore store = FileRevisionStore.open(data())) {
            for (long number = store.newest() + 1; number <= revisions; number++) {
                store.append(TestRevisions.number(number, "base " + number));
            }
        }
    }

    private void assertHolds(int revisions) throws IOException {
        try (FileRevisionStore store = FileRevisionStore.open(data())) {
            assertThat(store.newest()).isEqualTo(revisions);
            for (long number = 1; number <= revisions; number++) {
                assertThat(store.find(number)).contains(TestRevisions.number(number, "base " + number));
            }
        }
    }

    @Test
    void what_was_appended_is_read_again_to_the_last_field() throws IOException {
        try (FileRevisionStore store = FileRevisionStore.open(data())) {
            store.append(TestRevisions.number(1));
            store.append(TestRevisions.number(2));

            assertThat(store.find(1)).contains(TestRevisions.number(1));
            assertThat(store.find(2)).contains(TestRevisions.number(2));
            assertThat(store.find(0)).isEmpty();
            assertThat(store.find(3)).isEmpty();
        }
        try (FileRevisionStore store = FileRevisionStore.open(data())) {
            assertThat(store.newest()).isEqualTo(2);
            assertThat(store.find(2)).contains(TestRevisions.number(2));
        }
    }

    @Test
    void a_text_is_kept_once_however_many_revisions_have_it() throws IOException {
        String large = "x".repeat(100_000);
        try (FileRevisionStore store = FileRevisionStore.open(data())) {
            for (long number = 1; number <= 10; number++) {
                store.append(TestRevisions.number(number, large));
            }
        }

        assertThat(Files.size(log())).isLessThan(120_000);
    }

    @Test
    void directory_and_log_are_for_their_owner_only() throws IOException {
        store(1);

        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(data())))
                .isEqualTo("rwx------");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(log())))
                .isEqualTo("rw-------");
    }

    @Test
    void a_log_cut_at_any_byte_of_its_last_record_starts_with_the_one_before() throws IOException {
        store(2);
        long two = Files.size(log());
        store(3);
        byte[] whole = Files.readAllBytes(log());

        for (int length = (int) two; length < whole.length; length++) {
            Files.write(log(), Arrays.copyOf(whole, length));
            try (FileRevisionStore store = FileRevisionStore.open(data())) {
                assertThat(store.newest()).as("cut to %d bytes", length).isEqualTo(2);
            }
            assertThat(Files.size(log())).isEqualTo(two);
        }
        assertHolds(2);
        store(3);
        assertHolds(3);
    }

    @Test
    void a_tail_of_zeros_never_got_to_the_disk_and_is_cut() throws IOException {
        store(2);
        long two = Files.size(log());
        store(3);
        byte[] whole = Files.readAllBytes(log());

        for (int from : new int[] {(int) two, (int) two + 12, whole.length - 100}) {
            byte[] torn = whole.clone();
            Arrays.fill(torn, from, torn.length, (byte) 0);
            Files.write(log(), torn);

            assertHolds(2);
        }
    }

    @Test
    void a_flipped_bit_anywhere_stops_the_start_with_file_and_place() throws IOException {
        store(3);
        byte[] whole = Files.readAllBytes(log());

        for (int at = 0; at < whole.length; at += 13) {
            byte[] damaged = whole.clone();
            damaged[at] ^= 4;
            Files.write(log(), damaged);

            assertThatThrownBy(() -> FileRevisionStore.open(data()))
                    .as("flipped at %d", at)
                    .isInstanceOf(CorruptLogException.class)
                    .hasMessageContaining(log().toString())
                    .hasMessageMatching(".*damaged at byte \\d+: .*; fix: .*");
        }
        Files.write(log(), whole);
        assertHolds(3);
    }

    @Test
    void a_log_of_a_newer_format_is_left_alone() throws IOException {
        Files.createDirectories(data());
        byte[] header = new byte[16];
        RevisionLog.header().get(header);
        header[11] = 2;
        CRC32C checksum = new CRC32C();
        checksum.update(header, 0, 12);
        Files.write(
                log(),
                ByteBuffer.wrap(header).putInt(12, (int) checksum.getValue()).array());

        assertThatThrownBy(() -> FileRevisionStore.open(data())).hasMessageContaining("version 2");
    }

    @Test
    void a_file_that_is_no_log_is_refused() throws IOException {
        Files.createDirectories(data());
        Files.writeString(log(), "hello");

        assertThatThrownBy(() -> FileRevisionStore.open(data())).isInstanceOf(CorruptLogException.class);
        assertThat(Files.readString(log())).isEqualTo("hello");
    }

    @Test
    void ten_thousand_revisions_start_within_two_seconds_and_page_quickly() throws IOException {
        writeTenThousand();

        long start = System.nanoTime();
        try (FileRevisionStore store = FileRevisionStore.open(data())) {
            Duration opened = Duration.ofNanos(System.nanoTime() - start);
            long page = System.nanoTime();
            for (long number = 5_000; number > 4_950; number--) {
                assertThat(store.find(number)).isPresent();
            }

            assertThat(store.newest()).isEqualTo(10_000);
            assertThat(opened).isLessThan(Duration.ofSeconds(2));
            assertThat(Duration.ofNanos(System.nanoTime() - page)).isLessThan(Duration.ofMillis(500));
        }
    }

    /** Without fsync, which would take the test a minute on a slow disk. */
    private void writeTenThousand() throws IOException {
        try (FileRevisionStore store =
                FileRevisionStore.open(data(), path -> new FaultyLogFile(ChannelLogFile.open(path)) {
                    @Override
                    public void force() {}
                })) {
            for (long number = 1; number <= 10_000; number++) {
                store.append(TestRevisions.number(number, number % 10 == 0 ? "base " + number : "base"));
            }
        }
    }

    @Test
    void what_does_not_follow_the_last_one_is_not_kept() throws IOException {
        try (FileRevisionStore store = FileRevisionStore.open(data())) {
            assertThat(store.append(TestRevisions.number(2))).isEqualTo(Appended.CONFLICT);
            assertThat(store.append(TestRevisions.number(1))).isEqualTo(Appended.STORED);
            assertThat(store.append(TestRevisions.number(1))).isEqualTo(Appended.CONFLICT);

            assertThat(store.newest()).isEqualTo(1);
        }
    }
}
