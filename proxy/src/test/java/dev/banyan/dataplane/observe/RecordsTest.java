package dev.banyan.dataplane.observe;

import static org.assertj.core.api.Assertions.assertThat;

import dev.banyan.contract.ExchangeRecord;
import dev.banyan.contract.RecordReader;
import dev.banyan.contract.SomeExchange;
import dev.banyan.dataplane.loop.Loop;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.netty.channel.DefaultEventLoop;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class RecordsTest {
    private final DefaultEventLoop eventLoop = new DefaultEventLoop();
    private final Loop one = new Loop(0, eventLoop, Clock.systemUTC());
    private final Loop other = new Loop(1, eventLoop, Clock.systemUTC());
    private final Counter dropped = new SimpleMeterRegistry().counter("dropped");

    @AfterEach
    void stop() {
        eventLoop.shutdownGracefully(0, 1, TimeUnit.SECONDS);
    }

    private static ExchangeRecord numbered(long number) {
        return SomeExchange.of("orders").revision(number).record();
    }

    @Test
    void every_reader_reads_what_all_loops_told_and_each_loop_in_order() {
        List<Long> first = new ArrayList<>();
        List<Long> second = new ArrayList<>();
        try (Records records = new Records(
                2, dropped, List.of(record -> first.add(record.revision()), record -> second.add(record.revision())))) {
            for (long i = 0; i < 100; i++) {
                records.offer(one, numbered(i));
                records.offer(other, numbered(1000 + i));
            }

            records.catchUp();
        }

        assertThat(first).hasSize(200).isEqualTo(second);
        assertThat(first.stream().filter(number -> number < 1000)).containsExactlyElementsOf(upTo(100));
    }

    @Test
    void the_rings_are_read_without_anybody_asking_and_readers_told_when_they_are_empty() throws Exception {
        CountDownLatch caughtUp = new CountDownLatch(1);
        List<Long> read = new ArrayList<>();
        RecordReader reader = new RecordReader() {
            @Override
            public void read(ExchangeRecord record) {
                read.add(record.revision());
            }

            @Override
            public void caughtUp() {
                if (!read.isEmpty()) {
                    caughtUp.countDown();
                }
            }
        };
        try (Records records = new Records(1, dropped, List.of(reader))) {
            records.offer(one, numbered(7));

            assertThat(caughtUp.await(10, TimeUnit.SECONDS)).isTrue();
        }
        assertThat(read).containsExactly(7L);
    }

    @Test
    void what_comes_while_a_reader_stands_still_is_dropped_and_counted_and_nobody_waits() {
        List<Long> read = new ArrayList<>();
        int told = 100_000;
        try (Records records = new Records(1, dropped, List.of(record -> read.add(record.revision())))) {
            synchronized (records) {
                for (long i = 0; i < told; i++) {
                    records.offer(one, numbered(i));
                }
            }

            records.catchUp();

            assertThat(dropped.count()).isPositive();
            assertThat(read.size() + dropped.count()).isEqualTo(told);
            assertThat(read).as("the first ones").containsExactlyElementsOf(upTo(read.size()));
        }
    }

    @Test
    void a_reader_that_throws_takes_nothing_from_the_others() {
        List<Long> read = new ArrayList<>();
        try (Records records = new Records(
                1,
                dropped,
                List.of(
                        record -> {
                            throw new IllegalStateException("a bug in this reader, which the log tells");
                        },
                        record -> read.add(record.revision())))) {
            records.offer(one, numbered(1));
            records.offer(one, numbered(2));

            records.catchUp();
        }

        assertThat(read).containsExactly(1L, 2L);
    }

    @Test
    void nor_does_one_that_throws_when_it_is_told_that_all_is_read() {
        List<Long> read = new ArrayList<>();
        RecordReader failing = new RecordReader() {
            @Override
            public void read(ExchangeRecord record) {
                read.add(record.revision());
            }

            @Override
            public void caughtUp() {
                throw new IllegalStateException("a bug in this reader, which the log tells");
            }
        };
        try (Records records = new Records(1, dropped, List.of(failing))) {
            records.catchUp();
            records.offer(one, numbered(1));

            records.catchUp();
        }

        assertThat(read).containsExactly(1L);
    }

    private static List<Long> upTo(long end) {
        return LongStream.range(0, end).boxed().toList();
    }
}
