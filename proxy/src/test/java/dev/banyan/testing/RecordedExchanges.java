package dev.banyan.testing;

import static org.assertj.core.api.Assertions.assertThat;

import dev.banyan.contract.ExchangeRecord;
import dev.banyan.contract.RecordReader;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** What a data plane told of its exchanges. */
public final class RecordedExchanges implements RecordReader {
    private final BlockingQueue<ExchangeRecord> records = new LinkedBlockingQueue<>();

    @Override
    public void read(ExchangeRecord record) {
        records.add(record);
    }

    /** The next one, which will come. */
    public ExchangeRecord next() throws InterruptedException {
        ExchangeRecord record = records.poll(10, TimeUnit.SECONDS);
        assertThat(record).as("told within 10 s").isNotNull();
        return record;
    }
}
