package dev.banyan.stores.file;

import static org.assertj.core.api.Assertions.assertThat;

import dev.banyan.contract.UserSketch;
import dev.banyan.contract.WriteGates.Written;
import dev.banyan.controlplane.writes.WrittenStore.Kept;
import dev.banyan.controlplane.writes.WrittenStore.Period;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FileWrittenStoreTest {
    @TempDir
    private Path directory;

    private static Kept kept(boolean whole) {
        UserSketch users = new UserSketch();
        users.add("user:42");
        Period period = new Period(42, Instant.parse("2026-03-01T12:00:00Z"), true, new Written(340, 3, users));
        return new Kept(whole, 44, new TreeMap<>(Map.of("orders", period)));
    }

    @Test
    void what_was_kept_last_is_read_again() throws IOException {
        FileWrittenStore store = new FileWrittenStore(directory);
        store.write(kept(false));
        store.write(kept(true));

        assertThat(new FileWrittenStore(directory).read()).contains(kept(true));
    }

    @Test
    void it_is_its_owners_and_holds_no_users_key() throws IOException {
        new FileWrittenStore(directory).write(kept(true));

        Path file = directory.resolve("written-to-modern.json");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                .isEqualTo("rw-------");
        assertThat(Files.readString(file)).doesNotContain("user:42");
    }

    @Test
    void none_or_a_broken_one_is_as_none() throws IOException {
        FileWrittenStore store = new FileWrittenStore(directory);
        assertThat(store.read()).isEmpty();

        for (String broken : new String[] {"", "{", "[]", "{\"whole\":true,\"revision\":1,\"routes\":{\"a\":{}}}"}) {
            Files.writeString(directory.resolve("written-to-modern.json"), broken);
            assertThat(store.read()).as(broken).isEmpty();
        }
    }
}
