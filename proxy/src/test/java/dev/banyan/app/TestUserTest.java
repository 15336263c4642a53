package dev.banyan.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import dev.banyan.dataplane.message.FieldLine;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TestUserTest {
    @TempDir
    private Path directory;

    @Test
    void its_file_holds_a_header_field_a_line() throws Exception {
        TestUser user =
                TestUser.of(file("# the user of probes\n\nCookie: _session=a=b; theme=dark \r\nX-Api-Key:\t7\n"));

        assertThat(user.get())
                .extracting(FieldLine::name, FieldLine::value)
                .containsExactly(tuple("Cookie", "_session=a=b; theme=dark"), tuple("X-Api-Key", "7"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"rw-r-----", "rw----r--", "rw--w----"})
    void a_file_that_others_may_read_or_write_is_refused(String permissions) throws Exception {
        Path file = file("Cookie: secret=1");
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(permissions));

        assertThatThrownBy(() -> TestUser.of(file))
                .isInstanceOf(IOException.class)
                .hasMessage("parity.probe-as: others may read " + file + "; fix: chmod 600 it");
    }

    @ParameterizedTest
    @ValueSource(strings = {"_session=secret", "Host: secret", "Content-Length: 3", "Cookie: sec\u0001ret", "Cookie:"})
    void a_line_that_is_no_credential_is_told_by_its_number_and_not_by_what_it_says(String line) throws Exception {
        Path file = file("Authorization: Bearer 1\n" + line);

        assertThatThrownBy(() -> TestUser.of(file))
                .hasMessageStartingWith("parity.probe-as: line 2 of " + file + " is no credential; fix: write")
                .hasMessageNotContaining("secret");
    }

    @Test
    void a_file_without_any_is_told() throws Exception {
        assertThatThrownBy(() -> TestUser.of(file("# nobody\n"))).hasMessageContaining("there is nothing in");
        assertThatThrownBy(() -> TestUser.of(directory.resolve("none"))).hasMessageContaining("there is no file");
    }

    @Test
    void it_is_read_again_and_stays_what_it_was_where_it_cannot_be() throws Exception {
        Path file = file("Cookie: _session=1");
        TestUser user = TestUser.of(file);

        Files.writeString(file, "Cookie: _session=2");
        user.readAgain();
        assertThat(user.get().get(0).value()).isEqualTo("_session=2");

        Files.writeString(file, "nonsense");
        user.readAgain();
        assertThat(user.get().get(0).value()).isEqualTo("_session=2");
    }

    private Path file(String text) throws IOException {
        Path file = Files.createFile(
                directory.resolve("test-user"),
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        return Files.writeString(file, text);
    }
}
