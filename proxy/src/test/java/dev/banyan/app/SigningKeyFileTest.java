package dev.banyan.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.Base64;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The key that a proxy makes for itself. */
final class SigningKeyFileTest {
    @TempDir
    private Path data;

    @Test
    void it_is_made_once_and_for_its_owner_only() throws Exception {
        Path file = data.resolve("signing.key");

        SigningKeyFile.read(data, new SecureRandom());
        String made = Files.readString(file);
        SigningKeyFile.read(data, new SecureRandom());

        assertThat(Files.readString(file)).isEqualTo(made);
        assertThat(Base64.getDecoder().decode(made)).hasSize(32);
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                .isEqualTo("rw-------");
        assertThat(data.toFile().list()).containsExactly("signing.key");
    }

    @Test
    void half_of_one_that_a_start_left_when_its_disk_was_full_hinders_no_later_start() throws Exception {
        Files.writeString(data.resolve("signing.key.new"), "MDEy");

        SigningKeyFile.read(data, new SecureRandom());

        assertThat(data.toFile().list()).containsExactly("signing.key");
    }

    @Test
    void one_that_cannot_be_written_leaves_no_key_behind() throws Exception {
        // A directory with something in it: it cannot be removed to make room, as a full disk cannot be written to.
        Files.createDirectories(data.resolve("signing.key.new/in-the-way"));

        assertThatThrownBy(() -> SigningKeyFile.read(data, new SecureRandom())).isInstanceOf(IOException.class);

        assertThat(data.resolve("signing.key")).doesNotExist();
    }
}
