package dev.banyan.dataplane.forward;

import dev.banyan.dataplane.exchange.Exchange;
import dev.banyan.routing.decide.Decision;
import org.jspecify.annotations.Nullable;

/** Knows the way to legacy for a request that was decided for modern. Asked only when modern has failed. */
public interface Alternative {
    /** Null: legacy cannot take it. */
    @Nullable
    Way toLegacy(Exchange exchange, Decision decided);
}
