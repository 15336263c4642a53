package dev.banyan.controlplane.revisions;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.banyan.routing.Share;
import dev.banyan.routing.file.RoutesDirectory;
import dev.banyan.stores.file.WatchedDirectory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.SortedMap;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FilesSourceTest {
    private static final Duration A_SAVE_IS_IN_FORCE_WITHIN = Duration.ofSeconds(2);
    private static final Duration NEVER = Duration.ofHours(1);

    @TempDir
    Path directory;

    private final MemoryStore store = new MemoryStore();
    private Publisher publisher;
    private @Nullable FilesSource source;

    @BeforeEach
    void start_with_an_empty_store() throws IOException {
        publisher = Publisher.start(store, table -> {}, Clock.systemUTC());
    }

    @AfterEach
    void stop() {
        if (source != null) {
            source.close();
        }
        publisher.close();
    }

    private void write(String canary) throws IOException {
        writeTo(directory, canary);
    }

    private static void writeTo(Path directory, String canary) throws IOException {
        Files.writeString(
                directory.resolve("a.yaml"),
                Lines.toYaml("default rails\nupstream rails port=3000\nupstream modern port=8081\n"
                        + "route t legacy=rails modern=modern canary=" + canary));
    }

    private FilesSource byInotifyOnly() {
        return FilesSource.start(new WatchedDirectory(directory), publisher, NEVER);
    }

    private void awaitCanary(int basisPoints) {
        await().atMost(A_SAVE_IS_IN_FORCE_WITHIN)
                .untilAsserted(() -> assertThat(publisher.current().table().routes())
                        .hasEntrySatisfying(
                                "t", route -> assertThat(route.canary()).isEqualTo(new Share(basisPoints))));
    }

    @Test
    void the_files_are_in_force_when_it_has_started() throws IOException {
        write("5");

        source = FilesSource.start(new WatchedDirectory(directory), publisher);
        assertThat(publisher.current().number()).isEqualTo(1);
        assertThat(publisher.current().author()).isEqualTo("start");
    }

    @Test
    void a_save_is_in_force_within_two_seconds_and_says_which_file() throws IOException {
        write("5");
        source = byInotifyOnly();

        write("6");

        awaitCanary(600);
        assertThat(publisher.current().author()).isEqualTo("files");
        assertThat(publisher.current().reason()).isEqualTo("changed: " + directory.resolve("a.yaml"));
        assertThat(publisher.current().changes()).containsExactly("t: canary 5% -> 6%");
    }

    @Test
    void a_save_is_seen_where_inotify_sees_nothing() throws IOException {
        write("5");
        source = FilesSource.start(unwatched(directory), publisher, Duration.ofMillis(200));

        write("6");

        awaitCanary(600);
    }

    private static SquadFiles unwatched(Path directory) {
        return new SquadFiles() {
            @Override
            public RoutesDirectory.Contents read(SortedMap<String, String> inForce) {
                return RoutesDirectory.read(directory, inForce);
            }

            @Override
            public AutoCloseable watch(Runnable wake) {
                return () -> {};
            }
        };
    }

    @Test
    void a_config_map_that_is_swapped_is_seen() throws IOException {
        Path first = Files.createDirectory(directory.resolve("..2026_01"));
        Path second = Files.createDirectory(directory.resolve("..2026_02"));
        writeTo(first, "5");
        writeTo(second, "6");
        Files.createSymbolicLink(directory.resolve("..data"), first.getFileName());
        Files.createSymbolicLink(directory.resolve("a.yaml"), Path.of("..data", "a.yaml"));
        source = byInotifyOnly();
        awaitCanary(500);

        Path link = Files.createSymbolicLink(directory.resolve("..data_tmp"), second.getFileName());
        Files.move(
                link, directory.resolve("..data"), StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);

        awaitCanary(600);
    }

    @Test
    void a_refused_save_is_shown_within_two_seconds() throws IOException {
        write("5");
        source = byInotifyOnly();

        Files.writeString(directory.resolve("b.yaml"), "oops");

        await().atMost(A_SAVE_IS_IN_FORCE_WITHIN)
                .untilAsserted(() -> assertThat(publisher.files().heldBack())
                        .extracting(FilesStatus.HeldBack::file)
                        .isEqualTo(List.of(directory.resolve("b.yaml").toString())));
        assertThat(publisher.current().number()).isEqualTo(1);
    }

    @Test
    void a_directory_that_comes_late_makes_it_ready() throws IOException {
        Path late = directory.resolve("late");
        source = FilesSource.start(new WatchedDirectory(late), publisher, Duration.ofMillis(200));
        await().untilAsserted(() -> assertThat(publisher.notReady())
                .hasValueSatisfying(
                        why -> assertThat(why).contains("cannot be listed").contains("late")));

        Files.createDirectory(late);
        writeTo(late, "5");

        await().atMost(A_SAVE_IS_IN_FORCE_WITHIN)
                .until(() -> publisher.notReady().isEmpty());
    }

    @Test
    void a_directory_that_goes_away_leaves_the_table_in_force() throws IOException {
        write("5");
        Path elsewhere = directory.resolveSibling(directory.getFileName() + "-away");
        source = FilesSource.start(new WatchedDirectory(directory), publisher, Duration.ofMillis(100));

        Files.move(directory, elsewhere);
        Files.move(elsewhere, directory);
        write("6");

        awaitCanary(600);
    }

    @Test
    void a_directory_that_cannot_be_listed_is_shown_until_it_can() throws IOException {
        write("5");
        Path elsewhere = directory.resolveSibling(directory.getFileName() + "-away");
        source = FilesSource.start(new WatchedDirectory(directory), publisher, Duration.ofMillis(100));

        Files.move(directory, elsewhere);
        await().atMost(A_SAVE_IS_IN_FORCE_WITHIN)
                .untilAsserted(() -> assertThat(publisher.files().notTaken())
                        .hasValueSatisfying(why -> assertThat(why).contains("cannot be listed: there is none")));
        Files.move(elsewhere, directory);

        await().atMost(A_SAVE_IS_IN_FORCE_WITHIN)
                .until(() -> publisher.files().notTaken().isEmpty());
    }

    @Test
    void what_nobody_has_foreseen_is_shown_and_the_save_is_taken_by_itself_once_its_cause_is_gone() throws IOException {
        write("5");
        source = FilesSource.start(new WatchedDirectory(directory), publisher, Duration.ofMillis(100));
        store.bug = new IllegalStateException("a bug");

        write("6");
        await().atMost(A_SAVE_IS_IN_FORCE_WITHIN)
                .untilAsserted(() -> assertThat(publisher.files().notTaken())
                        .hasValueSatisfying(why -> assertThat(why)
                                .contains("cannot be taken: java.lang.IllegalStateException: a bug; fix: ")));
        store.bug = null;

        awaitCanary(600);
        await().until(() -> publisher.files().notTaken().isEmpty());
    }

    @Test
    void a_start_that_fails_to_read_the_files_goes_on_and_takes_them_later() throws IOException {
        store.bug = new IllegalStateException("a bug");
        write("5");

        source = FilesSource.start(new WatchedDirectory(directory), publisher, Duration.ofMillis(100));
        await().untilAsserted(() -> assertThat(publisher.notReady())
                .hasValueSatisfying(why -> assertThat(why).contains("a bug")));
        store.bug = null;

        awaitCanary(500);
    }

    @Test
    void a_save_that_a_full_disk_refused_is_told_and_taken_by_itself_once_there_is_room() throws IOException {
        write("5");
        source = FilesSource.start(new WatchedDirectory(directory), publisher, Duration.ofMillis(100));
        store.failing = true;

        write("6");
        await().atMost(A_SAVE_IS_IN_FORCE_WITHIN)
                .untilAsserted(() -> assertThat(publisher.files().notTaken())
                        .hasValueSatisfying(why -> assertThat(why).contains("No space left on device; fix: free")));
        assertThat(publisher.notKept())
                .hasValueSatisfying(
                        why -> assertThat(why.toString())
                                .isEqualTo(
                                        "No space left on device; fix: free some of the disk of the data directory, then try again"));
        store.failing = false;

        await().atMost(Duration.ofSeconds(5))
                .untilAsserted(() -> assertThat(publisher.current().number()).isEqualTo(2));
        await().until(() -> publisher.files().notTaken().isEmpty());
        assertThat(publisher.notKept()).isEmpty();
    }
}
