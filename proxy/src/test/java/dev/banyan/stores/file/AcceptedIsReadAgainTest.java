package dev.banyan.stores.file;

import static org.assertj.core.api.Assertions.assertThat;

import dev.banyan.controlplane.revisions.CanaryChange;
import dev.banyan.controlplane.revisions.Cause;
import dev.banyan.controlplane.revisions.Outcome;
import dev.banyan.controlplane.revisions.Precondition;
import dev.banyan.controlplane.revisions.Publisher;
import dev.banyan.controlplane.revisions.StrandedWrites;
import dev.banyan.routing.BaseTable;
import dev.banyan.routing.RoutingTable;
import dev.banyan.routing.Share;
import dev.banyan.routing.file.RoutesDirectory;
import dev.banyan.routing.file.TableFiles;
import dev.banyan.routing.file.Tables;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Whatever a publisher takes, the next start has. */
class AcceptedIsReadAgainTest {
    private static final Cause ALICE = new Cause("alice", "because \u00e9 \ud83c\udf33 \"quoted\"\n");

    @Property(tries = 60)
    void a_start_has_the_table_and_the_flags_that_were_taken(@ForAll long seed) throws IOException {
        Path directory = Files.createTempDirectory(Path.of("target"), "accepted");
        BaseTable table = Tables.ofSeed(seed);
        RoutingTable taken;
        try (FileRevisionStore store = FileRevisionStore.open(directory);
                Publisher publisher = Publisher.start(store, inForce -> {}, Clock.systemUTC())) {
            take(publisher, TableFiles.of(table));
            table.routes().keySet().forEach(route -> flag(publisher, route, Math.floorMod(seed, 10_001)));
            taken = publisher.current().table();
        }

        assertThat(taken.base()).isEqualTo(table);
        assertStartsWith(directory, taken);
    }

    /** Their text is larger than a file may be. */
    @Test
    void a_table_larger_than_any_file_may_be_starts(@TempDir Path directory) throws IOException {
        SortedMap<String, String> files = new TreeMap<>();
        files.put(
                "00-platform.yaml",
                "banyan: 1\ndefault: rails\nupstreams: { rails: { url: \"http://127.0.0.1:1\" } }\n");
        for (int file = 0; file < 4; file++) {
            StringBuilder yaml = new StringBuilder("banyan: 1\nroutes:\n");
            for (int route = 0; route < 1_500; route++) {
                yaml.append("  r-%d-%d: { match: [ GET /%s%d/%d ], legacy: rails }\n"
                        .formatted(file, route, "a-rather-long-path/".repeat(6), file, route));
            }
            files.put("squad-" + file + ".yaml", yaml.toString());
        }
        RoutingTable taken;
        try (FileRevisionStore store = FileRevisionStore.open(directory);
                Publisher publisher = Publisher.start(store, inForce -> {}, Clock.systemUTC())) {
            take(publisher, files);
            taken = publisher.current().table();
        }

        assertThat(taken.routes()).hasSize(6_000);
        assertStartsWith(directory, taken);
    }

    private static void take(Publisher publisher, SortedMap<String, String> files) {
        Outcome outcome = publisher
                .takeFiles(new RoutesDirectory.Listed(files, new TreeMap<>(), List.of()), ALICE)
                .toCompletableFuture()
                .join();
        assertThat(outcome).isInstanceOf(Outcome.Changed.class);
    }

    private static void flag(Publisher publisher, String route, int basisPoints) {
        publisher
                .submit(
                        CanaryChange.set(route, new Share(basisPoints), StrandedWrites.ACCEPT),
                        ALICE,
                        Precondition.NONE)
                .toCompletableFuture()
                .join();
    }

    private static void assertStartsWith(Path directory, RoutingTable taken) throws IOException {
        try (FileRevisionStore store = FileRevisionStore.open(directory);
                Publisher publisher = Publisher.start(store, inForce -> {}, Clock.systemUTC())) {
            assertThat(publisher.current().table()).isEqualTo(taken);
        }
    }
}
