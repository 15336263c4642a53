package dev.banyan.dataplane.upstream;

import dev.banyan.routing.Upstream;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The handles of one table after another: those whose settings are the same go on, the others are followed by a new one. */
public final class Handles {
    private Handles() {}

    /** Makes a handle, which goes on with what it can of the one before it. */
    public interface Maker {
        UpstreamHandle handle(Upstream settings, @Nullable UpstreamHandle before);
    }

    /** For a table that is about to be in force. */
    public static Map<String, UpstreamHandle> next(
            Map<String, UpstreamHandle> before, Collection<Upstream> wanted, Maker maker) {
        Map<String, UpstreamHandle> next = new HashMap<>();
        for (Upstream settings : wanted) {
            UpstreamHandle known = before.get(settings.id());
            next.put(
                    settings.id(),
                    known != null && known.settings().equals(settings) ? known : maker.handle(settings, known));
        }
        return next;
    }

    /** Once it is: what the table before had, and this one does not, ends in peace. */
    public static void retire(Map<String, UpstreamHandle> before, Map<String, UpstreamHandle> next) {
        before.forEach((id, handle) -> {
            UpstreamHandle successor = next.get(id);
            if (successor != handle) {
                handle.retire(successor);
            }
        });
    }
}
