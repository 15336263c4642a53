package dev.banyan.dataplane.observe;

import dev.banyan.contract.ExchangeRecord;
import dev.banyan.dataplane.exchange.Exchange;
import io.micrometer.core.instrument.Counter;
import java.util.Optional;

/** Tells what happened, once an exchange has ended: the access log, and whoever reads the records. Never fails and never waits. */
public final class Observer implements Exchange.EndListener {
    private final Optional<AccessLog> accessLog;
    private final Records records;
    private final Counter refused;

    /** @param refused counts requests that were answered before they were decided */
    Observer(Optional<AccessLog> accessLog, Records records, Counter refused) {
        this.accessLog = accessLog;
        this.records = records;
        this.refused = refused;
    }

    @Override
    public void ended(Exchange exchange, ExchangeRecord record) {
        if (record.destination() == null) {
            refused.increment();
        }
        records.offer(exchange.loop(), record);
        if (accessLog.isPresent()) {
            accessLog.get().add(exchange, record);
        }
    }
}
