package dev.banyan.controlplane.admin.operations;

import com.fasterxml.jackson.databind.JsonNode;
import dev.banyan.contract.RecentRequests;
import dev.banyan.controlplane.admin.http.Call;
import dev.banyan.controlplane.admin.http.Fields;
import dev.banyan.controlplane.admin.http.ProblemDetails;
import dev.banyan.controlplane.admin.http.ProblemException;
import dev.banyan.controlplane.admin.http.Reply;
import dev.banyan.controlplane.admin.views.PlanJson;
import dev.banyan.controlplane.plan.Planner;
import dev.banyan.controlplane.revisions.ApplyFiles;
import dev.banyan.controlplane.revisions.Prospect;
import dev.banyan.controlplane.revisions.Revisions;
import java.util.SortedMap;
import java.util.TreeMap;

/** What routing files would change, and then the change. */
public final class Planning {
    private final Revisions revisions;
    private final RecentRequests recent;
    private final Publishing publishing;

    public Planning(Revisions revisions, RecentRequests recent) {
        this.revisions = revisions;
        this.recent = recent;
        this.publishing = new Publishing(revisions);
    }

    public Reply plan(Call call) {
        Prospect prospect = revisions.plan(Fields.read(call.body(), Planning::files));
        return Reply.ok(PlanJson.of(Planner.of(prospect, revisions.source(), recent)))
                .tagged(Long.toString(prospect.from().number()));
    }

    private record Asked(SortedMap<String, String> files, String reason) {}

    public Reply apply(Call call) {
        Asked asked = Fields.read(call.body(), in -> new Asked(files(in), in.reason()));
        call.audit().asks("apply of " + asked.files().size() + " files", asked.reason());
        if (!call.ifMatch().sent()) {
            throw new ProblemException(NO_IF_MATCH);
        }
        return publishing
                .make(call, asked.reason(), new ApplyFiles(asked.files()))
                .reply();
    }

    /** Their texts have lines; their names are part of a line themselves. */
    private static SortedMap<String, String> files(Fields in) {
        SortedMap<String, String> files = new TreeMap<>();
        for (var file : in.object("files").properties()) {
            if (file.getKey().chars().anyMatch(Character::isISOControl)) {
                in.problem("/files: a name has control characters; fix: name it such as routes/accounts.yaml");
            }
            JsonNode text = file.getValue();
            files.put(file.getKey(), text.textValue());
        }
        return files;
    }

    private static final ProblemDetails NO_IF_MATCH = ProblemDetails.of(
            428,
            "if-match-required",
            "If-Match is required",
            "The change replaces the whole table, and does not say which one it was planned against.",
            "send If-Match with the ETag of POST /v1/plan");
}
