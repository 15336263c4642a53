package dev.banyan.controlplane.admin.audit;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.banyan.controlplane.admin.TestRevisions;
import dev.banyan.controlplane.admin.access.FailedAuthentications;
import dev.banyan.controlplane.revisions.Cause;
import dev.banyan.controlplane.revisions.Source;
import dev.banyan.json.Json;
import dev.banyan.routing.Share;
import dev.banyan.stores.file.FileAuditStore;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is in the history and, by a crash between the two, not in the audit log: the next start writes it. */
class AuditMadeUpTest {
    @TempDir
    Path data;

    private TestRevisions revisions;
    private FileAuditStore store;
    private AuditLog audit;

    @BeforeEach
    void open() throws Exception {
        revisions = new TestRevisions(Clock.systemUTC(), Source.FILES);
        store = FileAuditStore.open(data);
        audit = new AuditLog(store);
        for (int percent = 1; percent <= 5; percent++) {
            revisions.setCanary("transactions", new Share(percent), new Cause("squad-money", "r" + percent));
        }
    }

    @AfterEach
    void close() throws Exception {
        store.close();
        revisions.close();
    }

    @Test
    void an_empty_log_gets_the_whole_history() throws Exception {
        start();

        assertThat(numbers()).containsExactly(6L, 5L, 4L, 3L, 2L, 1L);
        assertThat(entries().get(0).path("who").asText()).isEqualTo("squad-money");
        assertThat(entries().get(0).path("reason").asText()).isEqualTo("r5");
        assertThat(entries().get(0).path("what").asText()).contains("canary");
    }

    @Test
    void only_what_is_missing_is_written_and_only_once() throws Exception {
        for (long number : List.of(3L, 5L)) {
            audit.append(Json.object().put("result", "done").put("revision_after", number));
        }
        audit.append(Json.object().put("result", "refused").put("revision_after", 4));

        start();
        start();

        assertThat(numbers()).containsExactly(6L, 4L, 5L, 3L);
    }

    private void start() throws IOException {
        BackgroundAudit.start(audit, revisions.port(), new FailedAuthentications(), Clock.systemUTC())
                .stop();
    }

    private List<Long> numbers() throws IOException {
        return entries().stream()
                .filter(entry -> entry.path("result").asText().equals("done"))
                .map(entry -> entry.path("revision_after").asLong())
                .toList();
    }

    private List<ObjectNode> entries() throws IOException {
        return store.read(Long.MAX_VALUE, 100, AuditFilter.NONE).orElseThrow().entries();
    }
}
