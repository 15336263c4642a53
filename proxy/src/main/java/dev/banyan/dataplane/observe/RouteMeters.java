package dev.banyan.dataplane.observe;

import dev.banyan.contract.ExchangeRecord;
import dev.banyan.contract.ExchangeRecord.Destination;
import dev.banyan.dataplane.exchange.Exchange;
import dev.banyan.routing.Side;

/** The meters of one route of one table: counts and times the exchanges that are dispatched by it. */
public final class RouteMeters implements Exchange.EndListener {
    private final DecisionMeters decisions;
    private final SideMeters legacy;
    private final SideMeters modern;

    RouteMeters(DecisionMeters decisions, SideMeters legacy, SideMeters modern) {
        this.decisions = decisions;
        this.legacy = legacy;
        this.modern = modern;
    }

    @Override
    public void ended(Exchange exchange, ExchangeRecord record) {
        count(record);
    }

    void count(ExchangeRecord record) {
        Destination decided = record.destination();
        if (decided != null) {
            decisions.decided(decided);
            SideMeters answering = decided.answeredBy() == Side.LEGACY ? legacy : modern;
            answering.ended(record);
        }
    }
}
