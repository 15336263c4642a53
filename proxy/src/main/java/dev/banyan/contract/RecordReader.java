package dev.banyan.contract;

/**
 * Who counts or judges what happened. Reads the records of all exchanges, one thread at a time, off every event loop: those of one loop
 * in their order, each a moment after its exchange has ended. Must not wait; while it does, records are dropped and counted.
 */
@FunctionalInterface
public interface RecordReader {
    /** One more exchange has ended. */
    void read(ExchangeRecord record);

    /** All that had happened when it was last looked has been read; told several times a second. */
    default void caughtUp() {}
}
