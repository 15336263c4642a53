package dev.banyan.dataplane.observe;

import dev.banyan.contract.UpstreamWatcher;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Writes a line for each change of an upstream's condition, and passes it on. */
public final class UpstreamLog implements UpstreamWatcher {
    private static final Logger LOG = LoggerFactory.getLogger(UpstreamLog.class);

    private final UpstreamWatcher next;

    public UpstreamLog(UpstreamWatcher next) {
        this.next = next;
    }

    @Override
    public void changed(Change change) {
        LOG.warn(
                "changed upstream={} subject={} from={} to={} why=\"{}\"",
                change.upstream(),
                change.subject(),
                change.from(),
                change.to(),
                change.why());
        next.changed(change);
    }
}
