package dev.banyan.stores.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FailingDiskTest {

    @TempDir
    Path data;

    /** Takes half of the next record and then says that it is full. */
    private static final class FullDisk extends FaultyLogFile {
        boolean full;
        boolean unsynced;
        boolean crashing;

        FullDisk(LogFile file) {
            super(file);
        }

        @Override
        public void write(ByteBuffer from, long position) throws IOException {
            if (full) {
                super.write(half(from), position);
                throw new IOException("No space left on device");
            }
            super.write(from, position);
        }

        @Override
        public void force() throws IOException {
            if (unsynced) {
                throw new IOException("Input/output error");
            }
            super.force();
        }

        @Override
        public void truncate(long size) throws IOException {
            if (crashing) {
                throw new IOException("crashed");
            }
            super.truncate(size);
        }
    }

    /** Writes, but cannot make it durable; cannot cut it off either. */
    private static final class FailingSync extends FaultyLogFile {
        boolean failing;

        FailingSync(LogFile file) {
            super(file);
        }

        @Override
        public void force() throws IOException {
            if (failing) {
                throw new IOException("Input/output error");
            }
            super.force();
        }

        @Override
        public void truncate(long size) throws IOException {
            if (failing) {
                throw new IOException("Input/output error");
            }
            super.truncate(size);
        }
    }

    @Test
    void a_full_disk_refuses_the_change_and_keeps_the_next_one_once_there_is_room() throws IOException {
        FullDisk[] disk = new FullDisk[1];
        try (FileRevisionStore store =
                FileRevisionStore.open(data, path -> disk[0] = new FullDisk(ChannelLogFile.open(path)))) {
            store.append(TestRevisions.number(1));
            long before = FileRevisionStore.sizeOf(data);
            disk[0].full = true;

            assertThatThrownBy(() -> store.append(TestRevisions.number(2)))
                    .hasMessageContaining("No space left on device");
            assertThat(FileRevisionStore.sizeOf(data)).isEqualTo(before);
            assertThat(store.isReadOnly()).isFalse();
            assertThatThrownBy(store::probe).hasMessageContaining("No space left on device");
            disk[0].full = false;
            store.probe();
            assertThat(FileRevisionStore.sizeOf(data)).isEqualTo(before);
            store.append(TestRevisions.number(2));
            assertThat(store.newest()).isEqualTo(2);
        }
        try (FileRevisionStore store = FileRevisionStore.open(data)) {
            assertThat(store.newest()).isEqualTo(2);
            assertThat(store.find(2)).contains(TestRevisions.number(2));
        }
    }

    @Test
    void a_crash_in_the_midst_of_looking_for_room_loses_nothing() throws IOException {
        FullDisk[] disk = new FullDisk[1];
        try (FileRevisionStore store =
                FileRevisionStore.open(data, path -> disk[0] = new FullDisk(ChannelLogFile.open(path)))) {
            store.append(TestRevisions.number(1));
            disk[0].crashing = true;

            assertThatThrownBy(store::probe).hasMessageContaining("crashed");
        }
        try (FileRevisionStore store = FileRevisionStore.open(data)) {
            assertThat(store.find(1)).contains(TestRevisions.number(1));
            store.append(TestRevisions.number(2));
        }
    }

    @Test
    void what_cannot_be_cut_off_durably_makes_it_read_only_until_a_restart() throws IOException {
        FullDisk[] disk = new FullDisk[1];
        try (FileRevisionStore store =
                FileRevisionStore.open(data, path -> disk[0] = new FullDisk(ChannelLogFile.open(path)))) {
            store.append(TestRevisions.number(1));
            disk[0].full = true;
            disk[0].unsynced = true;

            assertThatThrownBy(() -> store.append(TestRevisions.number(2))).hasMessageContaining("Input/output error");
            disk[0].full = false;
            disk[0].unsynced = false;
            assertThat(store.isReadOnly()).isTrue();
            assertThatThrownBy(store::probe).hasMessageContaining("read-only until a restart");
            assertThatThrownBy(() -> store.append(TestRevisions.number(2)))
                    .hasMessageContaining("read-only until a restart")
                    .hasMessageContaining("Input/output error");
        }
    }

    @Test
    void a_failed_fsync_acknowledges_nothing_and_writes_nothing_more() throws IOException {
        FailingSync[] disk = new FailingSync[1];
        try (FileRevisionStore store =
                FileRevisionStore.open(data, path -> disk[0] = new FailingSync(ChannelLogFile.open(path)))) {
            store.append(TestRevisions.number(1));
            disk[0].failing = true;

            assertThatThrownBy(() -> store.append(TestRevisions.number(2))).hasMessageContaining("Input/output error");
            disk[0].failing = false;
            assertThatThrownBy(() -> store.append(TestRevisions.number(2))).hasMessageContaining("read-only");
            assertThat(store.newest()).isEqualTo(1);
        }
        // Whole on the disk by luck, and cutting it failed too: it may come back, what was acknowledged must.
        try (FileRevisionStore store = FileRevisionStore.open(data)) {
            assertThat(store.newest()).isBetween(1L, 2L);
            assertThat(store.find(1)).contains(TestRevisions.number(1));
        }
    }
}
