package dev.banyan.routing.file;

import static org.assertj.core.api.Assertions.assertThat;

import dev.banyan.yaml.Problem;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.SortedMap;
import java.util.TreeMap;
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

    @Test
    void a_name_that_is_no_yaml_file_is_never_touched_whatever_its_bytes_are() throws Exception {
        Files.writeString(routes.resolve("a.yaml"), "a");
        make("L\\xc3\\x84S MIG.txt", "\\xff\\xfe", "#a.yaml#", "a.yaml~");

        assertThat(listed().files()).containsOnlyKeys(routes + "/a.yaml");
        assertThat(listed().unreadable()).isEmpty();
    }

    @Test
    void a_name_that_is_not_utf_8_holds_back_that_file_only() throws Exception {
        Files.writeString(routes.resolve("a.yaml"), "a");
        make("caf\\xe9.yaml", "caf\\xc3\\xa9.yaml");

        assertThat(listed().files()).containsOnlyKeys(routes + "/a.yaml", routes + "/caf\u00e9.yaml");
        assertThat(listed().unreadable().values())
                .extracting(problems -> problems.get(0).toString())
                .containsExactly(routes
                        + "/caf%E9.yaml:1:1: its name is not UTF-8; fix: rename it; letters, digits and - will do");
    }

    /** By the shell: this JVM may be unable to say such a name. */
    private void make(String... names) throws Exception {
        for (String name : names) {
            Process touch = new ProcessBuilder("bash", "-c", "printf x > \"$(printf \"$1\")\"", "bash", name)
                    .directory(routes.toFile())
                    .redirectErrorStream(true)
                    .start();
            assertThat(touch.waitFor()).isZero();
        }
    }

    @Test
    void of_too_many_files_those_that_came_are_refused_not_those_in_force() throws IOException {
        SortedMap<String, String> inForce = new TreeMap<>();
        for (int i = 0; i < 1000; i++) {
            String name = "squad-%04d.yaml".formatted(i);
            Files.writeString(routes.resolve(name), "x");
            inForce.put(routes + "/" + name, "x");
        }
        Files.writeString(routes.resolve("00-new.yaml"), "y");
        Files.writeString(routes.resolve("squad-0999.yaml"), "changed");

        RoutesDirectory.Listed listed = (RoutesDirectory.Listed) RoutesDirectory.read(routes, inForce);

        assertThat(listed.unreadable().values())
                .extracting(problems -> problems.get(0).toString())
                .containsExactly(routes + "/00-new.yaml:1:1: there are more than 1000 files; fix: join some of them");
        assertThat(listed.files()).hasSize(1000).containsEntry(routes + "/squad-0999.yaml", "changed");
    }

    @Test
    void of_files_that_are_too_large_together_those_that_grew_or_came_are_refused() throws IOException {
        SortedMap<String, String> inForce = new TreeMap<>();
        String large = "x".repeat(1 << 20);
        for (int i = 0; i < 15; i++) {
            Files.writeString(routes.resolve("squad-%02d.yaml".formatted(i)), large);
            inForce.put(routes + "/squad-%02d.yaml".formatted(i), large);
        }
        Files.writeString(routes.resolve("small.yaml"), "x".repeat(1 << 19));
        inForce.put(routes + "/small.yaml", "x".repeat(1 << 19));
        Files.writeString(routes.resolve("00-new.yaml"), large);
        Files.writeString(routes.resolve("small.yaml"), large);
        Files.writeString(routes.resolve("squad-14.yaml"), "y".repeat(1 << 20));
        Files.writeString(routes.resolve("zz-new.yaml"), "z");

        RoutesDirectory.Listed listed = (RoutesDirectory.Listed) RoutesDirectory.read(routes, inForce);

        assertThat(listed.unreadable()).containsOnlyKeys(routes + "/00-new.yaml", routes + "/zz-new.yaml");
        assertThat(listed.files()).hasSize(16).containsEntry(routes + "/small.yaml", large);
    }

    private RoutesDirectory.Listed listed() {
        return (RoutesDirectory.Listed) RoutesDirectory.read(routes);
    }

    private String told() {
        assertThat(listed().files()).isEmpty();
        return listed().unreadable().values().iterator().next().get(0).toString();
    }
}
