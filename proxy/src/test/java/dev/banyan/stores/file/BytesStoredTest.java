package dev.banyan.stores.file;

import static org.assertj.core.api.Assertions.assertThat;

import dev.banyan.controlplane.revisions.CanaryChange;
import dev.banyan.controlplane.revisions.Cause;
import dev.banyan.controlplane.revisions.Outcome;
import dev.banyan.controlplane.revisions.Precondition;
import dev.banyan.controlplane.revisions.Publisher;
import dev.banyan.controlplane.revisions.StrandedWrites;
import dev.banyan.routing.Share;
import dev.banyan.routing.file.RoutesDirectory;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a change of a large table takes on the disk: by what changed, not by what there is. */
class BytesStoredTest {
    private static final int FILES = 20;
    private static final int ROUTES_PER_FILE = 100;
    private static final Cause ALICE = new Cause("alice", "");

    /** With the owners of all routes, which are flags. */
    private static final long FLAG_BYTES = 8 * 1024;

    private static final long SAVE_BYTES = 64 * 1024;

    @TempDir
    private Path directory;

    private final SortedMap<String, String> files = new TreeMap<>();

    private static String squad(int file, int firstCanary) {
        StringBuilder text = new StringBuilder(
                "banyan: 1\nupstreams: { s-%d: { url: \"http://127.0.0.1:9\" } }\nroutes:\n".formatted(file));
        for (int route = 0; route < ROUTES_PER_FILE; route++) {
            text.append("""
                      r-%1$d-%2$d:
                        match: [ "GET /s%1$d/t%2$d/{id}", POST /s%1$d/t%2$d ]
                        legacy: rails
                        modern: s-%1$d
                        canary: %3$d%%
                        writes: legacy
                    """.formatted(file, route, route == 0 ? firstCanary : 5).indent(2));
        }
        return text.toString();
    }

    private Outcome save(Publisher publisher) {
        return publisher
                .takeFiles(new RoutesDirectory.Listed(files, new TreeMap<>(), List.of()), new Cause("files", ""))
                .toCompletableFuture()
                .join();
    }

    @Test
    void a_flag_takes_little_and_a_save_the_part_that_changed() throws IOException {
        files.put("00.yaml", "banyan: 1\ndefault: rails\nupstreams: { rails: { url: \"http://127.0.0.1:9\" } }\n");
        for (int file = 0; file < FILES; file++) {
            files.put("squad-" + file + ".yaml", squad(file, 1));
        }
        try (FileRevisionStore store = FileRevisionStore.open(directory.resolve("data"));
                Publisher publisher = Publisher.start(store, table -> {}, Clock.systemUTC())) {
            save(publisher);
            long whole = FileRevisionStore.sizeOf(directory.resolve("data"));

            for (int change = 1; change <= 10; change++) {
                Outcome outcome = publisher
                        .submit(
                                CanaryChange.set("r-3-7", new Share(change + 1_000), StrandedWrites.REFUSE),
                                ALICE,
                                Precondition.NONE)
                        .toCompletableFuture()
                        .join();
                assertThat(outcome).isInstanceOf(Outcome.Changed.class);
            }
            long flagged = FileRevisionStore.sizeOf(directory.resolve("data"));
            for (int change = 1; change <= 10; change++) {
                files.put("squad-4.yaml", squad(4, change + 10));
                assertThat(save(publisher)).isInstanceOf(Outcome.Changed.class);
            }
            long saved = FileRevisionStore.sizeOf(directory.resolve("data"));

            assertThat(whole).as("of all of it").isGreaterThan(10 * SAVE_BYTES);
            assertThat((flagged - whole) / 10).as("bytes of a flag").isLessThan(FLAG_BYTES);
            assertThat((saved - flagged) / 10).as("bytes of a save").isLessThan(SAVE_BYTES);
        }
    }
}
