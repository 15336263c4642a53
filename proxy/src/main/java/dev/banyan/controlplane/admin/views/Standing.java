package dev.banyan.controlplane.admin.views;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.banyan.controlplane.admin.audit.AuditLog;
import dev.banyan.controlplane.revisions.FilesStatus;
import dev.banyan.controlplane.revisions.NotKept;
import dev.banyan.controlplane.revisions.Revisions;
import dev.banyan.json.Json;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.function.ToIntFunction;

/**
 * What does not go on behind the table in force: files that are held back, wait or cannot be taken, and what the data directory cannot
 * keep. Never blocks.
 */
public final class Standing {
    private final Revisions revisions;
    private final AuditLog audit;

    public Standing(Revisions revisions, AuditLog audit) {
        this.revisions = revisions;
        this.audit = audit;
    }

    /** Into what shows the table, for those who may see it: the files with every problem, and what is not kept, if anything. */
    void addTo(ObjectNode json) {
        json.set("files", files());
        List<String> notKept = new ArrayList<>();
        revisions.notKept().ifPresent(why -> notKept.add("no change can be stored: " + why));
        audit.notKept().ifPresent(why -> notKept.add("the audit log cannot be written: " + why));
        if (!notKept.isEmpty()) {
            json.set("not_kept", Json.array(notKept));
        }
    }

    private ObjectNode files() {
        FilesStatus status = revisions.files();
        ObjectNode json = Json.object();
        ArrayNode heldBack = json.putArray("held_back");
        status.heldBack()
                .forEach(file ->
                        heldBack.addObject().put("file", file.file()).set("problems", Json.array(file.problems())));
        json.set("waiting", Json.array(status.waiting()));
        status.notTaken().ifPresent(why -> json.put("not_taken", why));
        return json;
    }

    /** A sentence each, for everybody: what is wrong with a file is told to those with a token. */
    public List<String> sentences() {
        FilesStatus status = revisions.files();
        List<String> sentences = new ArrayList<>();
        revisions.notKept().ifPresent(why -> sentences.add("no change can be stored"));
        audit.notKept().ifPresent(why -> sentences.add("the audit log cannot be written"));
        status.notTaken().ifPresent(why -> sentences.add("nothing is taken from the routes directory"));
        status.heldBack().forEach(file -> sentences.add(file.file() + " is held back"));
        status.waiting().forEach(file -> sentences.add(file + " waits for banyan unpin"));
        return sentences;
    }

    public void meter(MeterRegistry meters) {
        notKept(meters, "revisions", revisions::notKept);
        notKept(meters, "audit", audit::notKept);
        gauge(
                meters,
                "banyan.files.held.back",
                "Routing files whose new content is refused",
                files -> files.heldBack().size());
        gauge(
                meters,
                "banyan.files.waiting",
                "Routing files that changed while the table is pinned",
                files -> files.waiting().size());
        gauge(
                meters,
                "banyan.files.not.taken",
                "1 while nothing can be taken from the routes directory",
                files -> files.notTaken().isPresent() ? 1 : 0);
    }

    private static void notKept(MeterRegistry meters, String what, Supplier<Optional<NotKept>> why) {
        Gauge.builder("banyan.not.kept", why, asked -> asked.get().isPresent() ? 1 : 0)
                .description("1 while the data directory cannot keep what it has to")
                .tag("what", what)
                .strongReference(true)
                .register(meters);
    }

    private void gauge(MeterRegistry meters, String name, String description, ToIntFunction<FilesStatus> count) {
        Gauge.builder(name, revisions, all -> count.applyAsInt(all.files()))
                .description(description)
                .strongReference(true)
                .register(meters);
    }
}
