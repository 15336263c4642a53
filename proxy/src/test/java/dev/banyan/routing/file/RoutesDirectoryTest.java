package dev.banyan.routing.file;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RoutesDirectoryTest {
    @TempDir
    Path temp;

    private Path routes;

    @BeforeEach
    void makeDirectory() throws IOException {
        routes = Files.createDirectory(temp.resolve("routes"));
    }

    @Test
    void every_yaml_file_is_read_and_nothing_else() throws IOException {
        Files.writeString(routes.resolve("b.yaml"), "b");
        Files.writeString(routes.resolve("a.yaml"), "\u00e9");
        Files.writeString(routes.resolve(".hidden.yaml"), "x");
        Files.writeString(routes.resolve("README.md"), "x");
        Files.createDirectory(routes.resolve("deeper"));
        Files.writeString(routes.resolve("deeper").resolve("c.yaml"), "x");

        RoutesDirectory.Listed listed = listed();

        assertThat(listed.files())
                .containsOnlyKeys(routes + "/a.yaml", routes + "/b.yaml")
                .containsEntry(routes + "/a.yaml", "\u00e9");
        assertThat(listed.unreadable()).isEmpty();
        assertThat(listed.warnings()).isEmpty();
    }

    @Test
    void files_are_called_what_a_user_would_type() throws IOException {
        Path relative = Path.of("target", "routes-directory-test");
        Files.createDirectories(relative);
        Files.writeString(relative.resolve("a.yaml"), "x");

        assertThat(RoutesDirectory.read(Path.of(".").resolve(relative)))
                .isInstanceOfSatisfying(
                        RoutesDirectory.Listed.class,
                        listed -> assertThat(listed.files()).containsOnlyKeys("target/routes-directory-test/a.yaml"));
    }

    @Test
    void a_config_map_is_read_by_the_generation_that_its_link_names() throws IOException {
        Path old = Files.createDirectory(routes.resolve("..2026_01"));
        Files.writeString(old.resolve("a.yaml"), "old");
        Path next = Files.createDirectory(routes.resolve("..2026_02"));
        Files.writeString(next.resolve("a.yaml"), "next");
        Files.writeString(next.resolve("b.yaml"), "next");
        Files.createSymbolicLink(routes.resolve("..data"), Path.of("..2026_02"));
        // A link that the kubelet has not got round to yet.
        Files.createSymbolicLink(routes.resolve("a.yaml"), Path.of("..2026_01/a.yaml"));

        assertThat(listed().files())
                .containsOnlyKeys(routes + "/a.yaml", routes + "/b.yaml")
                .containsEntry(routes + "/a.yaml", "next");
    }

    @Test
    void a_file_that_is_not_utf_8_is_told_with_the_place() throws IOException {
        Files.write(routes.resolve("a.yaml"), new byte[] {'o', 'k', '\n', 'x', (byte) 0xE9, 'y'});

        assertThat(told()).isEqualTo(routes + "/a.yaml:2:2: not UTF-8: the byte 0xE9; fix: save the file as UTF-8");
    }

    @Test
    void a_file_cut_off_within_a_character_is_not_utf_8() throws IOException {
        Files.write(routes.resolve("a.yaml"), new byte[] {'x', (byte) 0xC3});

        assertThat(told()).startsWith(routes + "/a.yaml:1:2: not UTF-8");
    }

    @Test
    void a_file_that_is_too_large_is_refused() throws IOException {
        Files.write(routes.resolve("a.yaml"), new byte[(1 << 20) + 1]);

        assertThat(told()).isEqualTo(routes + "/a.yaml:1:1: is larger than 1MiB; fix: split it");
    }

    @Test
    void a_link_to_nowhere_is_told() throws IOException {
        Files.createSymbolicLink(routes.resolve("a.yaml"), Path.of("nowhere"));

        assertThat(told()).isEqualTo(routes + "/a.yaml:1:1: is no file; fix: mend the link, or remove it");
    }

    @Test
    void the_other_suffix_is_told() throws IOException {
        Files.writeString(routes.resolve("a.yml"), "x");

        assertThat(listed().warnings())
                .extracting(Problem::toString)
                .containsExactly(routes + "/a.yml:1:1: only *.yaml is read; fix: rename it to a.yaml");
    }

    @Test
    void a_directory_that_is_not_there_is_not_an_empty_one() {
        Path gone = temp.resolve("gone");

        assertThat(RoutesDirectory.read(gone))
                .isEqualTo(new RoutesDirectory.NotListed(new Problem(
                        gone.toString(),
                        1,
                        1,
                        "cannot be listed: there is none",
                        "name a directory that Banyan may read")));
    }

    private RoutesDirectory.Listed listed() {
        return (RoutesDirectory.Listed) RoutesDirectory.read(routes);
    }

    private String told() {
        assertThat(listed().files()).isEmpty();
        return listed().unreadable().values().iterator().next().get(0).toString();
    }
}
