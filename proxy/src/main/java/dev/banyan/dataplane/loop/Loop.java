package dev.banyan.dataplane.loop;

import dev.banyan.dataplane.message.FieldLine;
import io.netty.channel.EventLoop;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What one event loop has for itself. Its deadlines are kept by a sweep over what is open, not by a timer each: an object a request
 * would cost more than the look.
 */
public final class Loop {
    private static final Logger LOG = LoggerFactory.getLogger(Loop.class);

    /** How late a deadline may be noticed. */
    private static final long SWEEP_MILLIS = 50;

    private static final DateTimeFormatter IMF_FIXDATE =
            DateTimeFormatter.ofPattern("EEE, dd MMM yyyy HH:mm:ss 'GMT'", Locale.ENGLISH);

    private final int number;
    private final EventLoop eventLoop;
    private final InstantSource clock;
    private final RequestIds requestIds = new RequestIds();
    private final List<Swept> swept = new ArrayList<>();
    private long nowNanos = System.nanoTime();
    private long nowSeconds;
    private FieldLine date = FieldLine.of("Date", "");

    /** Something with deadlines. */
    public interface Swept {
        /**
         * Called every 50 ms.
         *
         * @param nowNanos as {@link System#nanoTime()}
         */
        void sweep(long nowNanos);

        /** Where it stands in the loop's list; kept for the loop. */
        int slot();

        void slot(int slot);
    }

    /** @param number from 0 on, of each loop of a data plane another */
    public Loop(int number, EventLoop eventLoop, InstantSource clock) {
        this.number = number;
        this.eventLoop = eventLoop;
        this.clock = clock;
        readClock();
        eventLoop.scheduleAtFixedRate(this::sweep, SWEEP_MILLIS, SWEEP_MILLIS, TimeUnit.MILLISECONDS);
    }

    /** Where in an array stands what belongs to this loop: no hash is looked up for a request. */
    public int number() {
        return number;
    }

    public EventLoop eventLoop() {
        return eventLoop;
    }

    /** As {@link System#nanoTime()}, up to 50 ms ago: for deadlines, not for measuring. */
    public long coarseNanos() {
        return nowNanos;
    }

    /** Seconds since 1970, up to 50 ms ago. */
    public long epochSeconds() {
        return nowSeconds;
    }

    /** The Date field of an answer made now (RFC 9110, 6.6.1). */
    public FieldLine date() {
        return date;
    }

    public String newRequestId() {
        return requestIds.next();
    }

    public void watch(Swept item) {
        assert eventLoop.inEventLoop() : "watched off its event loop";
        item.slot(swept.size());
        swept.add(item);
    }

    public void forget(Swept item) {
        assert eventLoop.inEventLoop() : "forgotten off its event loop";
        int slot = item.slot();
        Swept last = swept.remove(swept.size() - 1);
        if (last != item) {
            swept.set(slot, last);
            last.slot(slot);
        }
    }

    private void sweep() {
        nowNanos = System.nanoTime();
        readClock();
        // From the end: an item that closes forgets itself, and the last takes its place.
        for (int i = swept.size() - 1; i >= 0; i--) {
            if (i < swept.size()) {
                sweep(swept.get(i));
            }
        }
    }

    private void sweep(Swept item) {
        try {
            item.sweep(nowNanos);
        } catch (RuntimeException e) {
            // A bug in one exchange must not stop the deadlines of all others: a task that throws is never run again.
            LOG.error("deadlines of one connection failed item={}", item, e);
        }
    }

    private void readClock() {
        long seconds = clock.instant().getEpochSecond();
        if (seconds != nowSeconds) {
            nowSeconds = seconds;
            date = FieldLine.of("Date", IMF_FIXDATE.format(clock.instant().atZone(ZoneOffset.UTC)));
        }
    }
}
