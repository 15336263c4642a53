package dev.banyan.dataplane.observe;

import dev.banyan.contract.ExchangeRecord;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Records from one event loop to the one who reads them. */
final class RecordRing extends Ring {
    private final @Nullable ExchangeRecord[] items;

    RecordRing(int capacityPowerOfTwo) {
        super(capacityPowerOfTwo);
        items = new ExchangeRecord[capacityPowerOfTwo];
    }

    /** Called by the loop. */
    Offered offer(ExchangeRecord item) {
        long waiting = waiting();
        if (!hasRoom(waiting, 1)) {
            return Offered.NO_ROOM;
        }
        items[slot(written())] = item;
        return wrote(waiting, 1);
    }

    /** Called by one thread at a time. */
    void drainTo(Consumer<ExchangeRecord> consumer) {
        long to = available();
        for (long at = taken(); at < to; at++) {
            int slot = slot(at);
            ExchangeRecord item = items[slot];
            items[slot] = null; // not kept alive until the ring comes round again
            if (item != null) {
                consumer.accept(item);
            }
        }
        took(to);
    }
}
