package dev.banyan.controlplane.revisions;

import static org.assertj.core.api.Assertions.assertThat;

import dev.banyan.stores.file.WatchedDirectory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code source: api}: what the first start takes from the directory, and what the API can do where it takes nothing. */
class SeedFilesTest {
    private static final String FILE = Lines.toYaml(TestHistory.PLATFORM + "route t legacy=rails");

    @TempDir
    private Path routes;

    private Publisher publisher;

    @BeforeEach
    void start() throws IOException {
        publisher =
                Publisher.start(new MemoryStore(), Source.API, TakenByModern.UNCOUNTED, table -> {}, Clock.systemUTC());
    }

    @AfterEach
    void stop() {
        publisher.close();
    }

    @Test
    void an_empty_store_begins_with_the_directory_and_later_changes_there_are_nothing_to_it() throws Exception {
        Files.writeString(routes.resolve("a.yaml"), FILE);

        SeedFiles.sow(new WatchedDirectory(routes), publisher);
        Files.writeString(routes.resolve("a.yaml"), FILE.replace("3000", "3001"));
        SeedFiles.sow(new WatchedDirectory(routes), publisher);

        assertThat(publisher.current().number()).isEqualTo(1);
        assertThat(publisher.current().author()).isEqualTo("start");
        assertThat(publisher.current().table().routes()).containsOnlyKeys("t");
    }

    @Test
    void files_with_problems_seed_nothing_and_are_told() throws Exception {
        Files.writeString(routes.resolve("a.yaml"), FILE.replace("legacy", "lagacy"));

        SeedFiles.sow(new WatchedDirectory(routes), publisher);

        assertThat(publisher.current().number()).isZero();
        assertThat(publisher.notReady().orElseThrow()).contains("a.yaml:", "lagacy");
    }

    @Test
    void where_there_is_nothing_to_begin_with_the_first_apply_begins() {
        SeedFiles.sow(new WatchedDirectory(routes.resolve("missing")), publisher);
        String notReady = whyNotReady();
        var files = new TreeMap<>(Map.of("a.yaml", FILE));

        Prospect prospect = publisher.plan(files);
        Outcome outcome = TestHistory.await(
                publisher.submit(new ApplyFiles(files), new Cause("alice", "begin"), new Precondition.TableIs(0)));

        assertThat(notReady).contains("missing", "there is none", "banyan apply DIR");
        assertThat(prospect.problems()).isEmpty();
        assertThat(prospect.from().number()).isZero();
        assertThat(outcome).isInstanceOf(Outcome.Changed.class);
        assertThat(publisher.notReady()).isEmpty();
    }

    @Test
    void an_empty_directory_is_nothing_to_begin_with() {
        SeedFiles.sow(new WatchedDirectory(routes), publisher);

        assertThat(whyNotReady()).contains("has no *.yaml", "banyan apply DIR");
    }

    /** Told on the writer's thread: once it has done what was asked for after that, it is known. */
    private String whyNotReady() {
        TestHistory.await(publisher.submit(new Unpin(), new Cause("alice", ""), Precondition.NONE));
        return publisher.notReady().orElseThrow();
    }
}
