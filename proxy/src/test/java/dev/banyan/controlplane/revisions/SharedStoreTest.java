package dev.banyan.controlplane.revisions;

import static org.assertj.core.api.Assertions.assertThat;

import dev.banyan.routing.RouteInForce;
import dev.banyan.routing.Share;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Two proxies over one store: whoever is second makes its change of what the first one made. */
class SharedStoreTest {
    private static final String FILE = TestHistory.PLATFORM
            + "upstream modern port=8081\n"
            + "route a match=GET:/a legacy=rails modern=modern canary=1\n"
            + "route b match=GET:/b legacy=rails modern=modern canary=1\n";
    private static final Cause ALICE = new Cause("alice", "");

    private final MemoryStore store = new MemoryStore();
    private Publisher one = start();
    private Publisher other = start();

    private Publisher start() {
        try {
            return Publisher.start(store, Source.API, TakenByModern.UNCOUNTED, table -> {}, Clock.systemUTC());
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    @BeforeEach
    void begin() {
        var files = new TreeMap<>(Map.of("a.yaml", Lines.toYaml(FILE)));
        TestHistory.await(one.submit(new ApplyFiles(files), ALICE, Precondition.NONE));
        awaitRevision(1);
    }

    @AfterEach
    void stop() {
        one.close();
        other.close();
    }

    private void awaitRevision(long number) {
        Awaitility.await()
                .atMost(Duration.ofSeconds(10))
                .until(() -> one.current().number() == number && other.current().number() == number);
    }

    private static CompletableFuture<Outcome> canary(Publisher publisher, String route, int basisPoints) {
        return publisher
                .submit(
                        CanaryChange.set(route, new Share(basisPoints), StrandedWrites.REFUSE),
                        ALICE,
                        Precondition.NONE)
                .toCompletableFuture();
    }

    private static RouteInForce route(Publisher publisher, String id) {
        return Objects.requireNonNull(publisher.current().table().routes().get(id));
    }

    @Test
    void what_one_stores_is_in_force_at_the_other() {
        canary(one, "a", 5_000).join();

        awaitRevision(2);
        assertThat(route(other, "a").canary()).isEqualTo(new Share(5_000));
        assertThat(other.history(3, 10)).extracting(Revision::number).containsExactly(2L, 1L);
    }

    @Test
    void changes_of_both_at_once_are_all_made_one_after_the_other() {
        int each = 200;
        List<CompletableFuture<Outcome>> asked = new ArrayList<>();
        for (int i = 1; i <= each; i++) {
            asked.add(canary(one, "a", i + 100));
            asked.add(canary(other, "b", i + 200));
        }

        assertThat(asked.stream().map(CompletableFuture::join)).hasOnlyElementsOfType(Outcome.Changed.class);

        awaitRevision(2 * each + 1);
        for (Publisher publisher : List.of(one, other)) {
            assertThat(route(publisher, "a").canary()).isEqualTo(new Share(each + 100));
            assertThat(route(publisher, "b").canary()).isEqualTo(new Share(each + 200));
        }
        assertThat(one.current().digest()).isEqualTo(other.current().digest());
    }

    @Test
    void of_two_that_want_the_same_table_changed_one_is_told_that_it_is_stale() {
        List<CompletableFuture<Outcome>> asked = new ArrayList<>();
        for (Publisher publisher : List.of(one, other)) {
            asked.add(publisher
                    .submit(
                            CanaryChange.set("a", new Share(publisher == one ? 700 : 800), StrandedWrites.REFUSE),
                            ALICE,
                            new Precondition.TableIs(1))
                    .toCompletableFuture());
        }

        List<Outcome> outcomes = asked.stream().map(CompletableFuture::join).toList();

        assertThat(outcomes).filteredOn(Outcome.Changed.class::isInstance).hasSize(1);
        assertThat(outcomes)
                .filteredOn(Outcome.Refused.class::isInstance)
                .singleElement()
                .extracting(TestOutcomes::why)
                .isEqualTo(Outcome.Why.STALE);
    }
}
