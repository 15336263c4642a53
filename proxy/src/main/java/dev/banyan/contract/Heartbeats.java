package dev.banyan.contract;

import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Whether the threads that everything depends on still move. Each beats by itself, again and again; one that has not for its
 * patience makes the process not live, so that somebody restarts it.
 *
 * <p>Looks are counted, not time: a process that was stopped as a whole, or got no CPU, is not taken for one in which a thread hangs.
 */
public final class Heartbeats implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Heartbeats.class);

    private final Duration every;
    private final List<Heart> hearts = new CopyOnWriteArrayList<>();
    private final ScheduledExecutorService looking = Executors.newSingleThreadScheduledExecutor(task -> {
        Thread thread = new Thread(task, "banyan-heartbeats");
        thread.setDaemon(true);
        return thread;
    });

    public Heartbeats() {
        this(Duration.ofSeconds(1));
    }

    /** @param every how often it looks; who is watched must beat as often */
    public Heartbeats(Duration every) {
        this.every = every;
        ScheduledFuture<?> unused =
                looking.scheduleWithFixedDelay(this::look, every.toMillis(), every.toMillis(), TimeUnit.MILLISECONDS);
    }

    /** One thread. */
    private static final class Heart implements Runnable {
        private final String who;
        private final Duration patience;
        private final int mostLooks;

        // Written by the thread itself some times a second, read once a second.
        private final AtomicLong beats = new AtomicLong();
        private volatile @Nullable Thread thread;
        private volatile int looksWithoutBeat;
        private long beatsSeen;

        Heart(String who, Duration patience, int mostLooks) {
            this.who = who;
            this.patience = patience;
            this.mostLooks = mostLooks;
        }

        @Override
        public void run() {
            if (thread == null) {
                thread = Thread.currentThread();
            }
            beats.lazySet(beats.get() + 1);
        }

        void look() {
            long now = beats.get();
            int without = now == beatsSeen ? looksWithoutBeat + 1 : 0;
            beatsSeen = now;
            looksWithoutBeat = without;
            if (without == mostLooks) {
                Thread standing = thread;
                LOG.error(
                        "a thread stands still, and the process is not live any more thread={} at={}",
                        who,
                        standing == null ? "its beginning" : Arrays.toString(standing.getStackTrace()));
            }
        }

        boolean standsStill() {
            return looksWithoutBeat >= mostLooks;
        }

        String told() {
            return who + " has not moved for more than " + patience.toSeconds() + " s";
        }
    }

    /**
     * Watches one more thread from now on.
     *
     * @param patience how long it may go without a beat
     * @return what the thread calls, more often than it is looked at
     */
    public Runnable of(String who, Duration patience) {
        Heart heart = new Heart(who, patience, Math.toIntExact(patience.dividedBy(every)));
        hearts.add(heart);
        return heart;
    }

    private void look() {
        hearts.forEach(Heart::look);
    }

    /** Which threads stand still; empty: none. */
    public Optional<String> standingStill() {
        List<String> told =
                hearts.stream().filter(Heart::standsStill).map(Heart::told).toList();
        return told.isEmpty() ? Optional.empty() : Optional.of(String.join("; ", told));
    }

    /** How many threads stand still. */
    public int countStandingStill() {
        return (int) hearts.stream().filter(Heart::standsStill).count();
    }

    @Override
    public void close() {
        looking.shutdownNow();
    }
}
