package dev.banyan.net;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongSupplier;

/**
 * Looks for one connection where several places could give it: the next is begun when one has failed, or has not stood up for a moment,
 * and the first that stands wins (RFC 8305, 5). Used on one thread.
 *
 * @param <P> a place, such as an address
 * @param <C> what stands at the end, such as a connection
 * @param <F> why it does not
 */
public final class Race<P, C, F> {
    /** RFC 8305, 8: the recommended value. */
    private static final Duration HEAD_START = Duration.ofMillis(250);

    private final List<P> places;
    private final Course<P, C, F> course;
    private final LongSupplier nanoTime;
    private final long deadlineNanos;
    private final Duration headStart;
    private final List<Failure<P, F>> failures = new ArrayList<>();
    private int begun;
    private boolean over;

    /** Why there is no connection at a place. */
    public record Failure<P, F>(P place, F cause) {}

    /** Who is told how it went at one place: of the two one, once, at once or later. */
    public interface Runner<C, F> {
        void stands(C connection);

        void failed(F cause);
    }

    /** The means by which a race is run. */
    public interface Course<P, C, F> {
        /**
         * Begins to connect.
         *
         * @param limit when it should have failed at the latest
         */
        void open(P place, Duration limit, Runner<C, F> runner);

        /** Runs the task on the race's thread. */
        void later(Duration delay, Runnable task);

        /** It stands, and another stood before. */
        void close(C loser);

        /** The only end, if any stands. Others may be under way, and may be given up. */
        void won(P place, C connection);

        /** The only end, if none stands. */
        void lost(List<Failure<P, F>> failures);
    }

    /**
     * A race that has not begun.
     *
     * @param places in the order in which they are tried; not none
     * @param limit for all of it
     * @param nanoTime as {@link System#nanoTime()}
     */
    public Race(List<P> places, Duration limit, Course<P, C, F> course, LongSupplier nanoTime) {
        this.places = places;
        this.course = course;
        this.nanoTime = nanoTime;
        this.deadlineNanos = nanoTime.getAsLong() + limit.toNanos();
        // Everybody shall have begun, and have a moment left, before the time is over.
        Duration share = limit.dividedBy(places.size() + 1L);
        this.headStart = share.compareTo(HEAD_START) < 0 ? share : HEAD_START;
    }

    /** Begins at the first place. */
    public void begin() {
        next();
    }

    private void next() {
        P place = places.get(begun);
        begun++;
        if (begun < places.size()) {
            int last = begun;
            course.later(headStart, () -> {
                if (begun == last && mayBeginAnother()) {
                    next();
                }
            });
        }
        course.open(place, Duration.ofNanos(deadlineNanos - nanoTime.getAsLong()), new Runner<>() {
            @Override
            public void stands(C connection) {
                if (over) {
                    course.close(connection);
                } else {
                    over = true;
                    course.won(place, connection);
                }
            }

            @Override
            public void failed(F cause) {
                failures.add(new Failure<>(place, cause));
                goOn();
            }
        });
    }

    private boolean mayBeginAnother() {
        return !over && begun < places.size() && deadlineNanos - nanoTime.getAsLong() > 0;
    }

    private void goOn() {
        if (mayBeginAnother()) {
            next();
        } else if (!over && failures.size() == begun) {
            over = true;
            course.lost(failures);
        }
    }
}
