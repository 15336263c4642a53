package dev.banyan.contract;

import dev.banyan.contract.ExchangeRecord.Destination;
import dev.banyan.contract.ExchangeRecord.Phases;
import dev.banyan.routing.Side;
import dev.banyan.routing.decide.Reason;
import java.util.List;

/** What became of a request that nobody sent: a safe one, decided by the canary, answered with 200 in a microsecond. */
public final class SomeExchange {
    private final String route;
    private Side side = Side.LEGACY;
    private Reason reason = Reason.CANARY;
    private int bucket = 17;
    private boolean safe = true;
    private long revision = 1;
    private int status = 200;
    private int grpcStatus = -1;

    private SomeExchange(String route) {
        this.route = route;
    }

    /** One that was dispatched by that route. */
    public static SomeExchange of(String route) {
        return new SomeExchange(route);
    }

    public SomeExchange by(Side decided) {
        side = decided;
        return this;
    }

    public SomeExchange by(Side decided, Reason why) {
        bucket = -1;
        reason = why;
        return by(decided);
    }

    public SomeExchange bucket(int number) {
        bucket = number;
        return this;
    }

    public SomeExchange unsafe() {
        safe = false;
        return this;
    }

    public SomeExchange revision(long number) {
        revision = number;
        return this;
    }

    public SomeExchange status(int answered) {
        status = answered;
        return this;
    }

    public SomeExchange grpcStatus(int said) {
        grpcStatus = said;
        return this;
    }

    /** As it ended. */
    public ExchangeRecord record() {
        return new ExchangeRecord(
                "id",
                "",
                0,
                revision,
                new Destination(route, side, "upstream", reason, bucket, 1, safe, side, ""),
                List.of(),
                status,
                grpcStatus,
                false,
                0,
                0,
                new Phases(0, 100, 900, 1000),
                "");
    }
}
