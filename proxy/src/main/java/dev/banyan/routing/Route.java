package dev.banyan.routing;

import java.time.Duration;
import java.time.LocalDate;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * The unit of migration, as its file says. All keys with their defaults filled in.
 *
 * @param legacy id of the upstream it comes from; empty once it is complete
 * @param modern id of the upstream it goes to; empty before there is one
 * @param cohort the salt of the bucket's hash; routes of one cohort move the same users together
 * @param pilots sticky keys, as {@link StickBy} and {@code decide.StickyKey} write them, that go to modern whatever the canary
 * @param writes who takes unsafe requests; empty if none match
 * @param fallback empty: off
 * @param formats format suffixes that modern serves, with {@code paths: rails}
 * @param rewrite the path sent to modern, from the match's names
 * @param holdBodyBytes the most that is kept of a request body to send it again
 * @param squad who owns the route, in words of their own; empty: nobody says
 */
public record Route(
        String id,
        List<RequestMatch> match,
        Optional<String> legacy,
        Optional<String> modern,
        Share canary,
        String cohort,
        List<String> pilots,
        List<StickBy> stickBy,
        Optional<Writes> writes,
        Duration fence,
        Optional<Fallback> fallback,
        Set<String> formats,
        Optional<PathPattern> rewrite,
        Shadow shadow,
        Optional<Ramp> ramp,
        long holdBodyBytes,
        Optional<String> squad) {
    public static final Duration DEFAULT_FENCE = Duration.ofSeconds(10);
    public static final long DEFAULT_HOLD_BODY_BYTES = 64 * 1024;

    public Route {
        match = List.copyOf(match);
        pilots = List.copyOf(pilots);
        stickBy = List.copyOf(stickBy);
        formats = Collections.unmodifiableSet(new TreeSet<>(formats));
    }

    public boolean coversUnsafe() {
        return match.stream().anyMatch(RequestMatch::coversUnsafe);
    }

    public Optional<String> upstream(Side side) {
        return side == Side.LEGACY ? legacy : modern;
    }

    /** Who takes the unsafe requests of a route. */
    public enum Writes {
        LEGACY,
        MODERN,
        /** Both work on the same data: by canary, like reads. */
        EITHER;

        /** The owner it names; empty for {@link #EITHER}. */
        public Optional<Side> owner() {
            return switch (this) {
                case LEGACY -> Optional.of(Side.LEGACY);
                case MODERN -> Optional.of(Side.MODERN);
                case EITHER -> Optional.empty();
            };
        }
    }

    /** Answering a read from legacy when modern failed, and for these statuses of modern. */
    public record Fallback(Set<Integer> statuses) {
        public static final Fallback DEFAULT = new Fallback(Set.of(502, 503, 504));

        public Fallback {
            statuses = Collections.unmodifiableSet(new TreeSet<>(statuses));
        }
    }

    /** Copies to the side that did not answer, and how the answers are compared. */
    public record Shadow(
            Share share,
            Of of,
            Set<String> methods,
            boolean writesAreSafe,
            Noise noise,
            Duration settle,
            Preset preset,
            List<Ignored> ignore,
            List<String> unordered,
            Optional<Double> tolerance,
            Share anonymous,
            Share probe,
            Optional<ReadBack> readback,
            boolean values) {
        public static final Shadow OFF = new Shadow(
                Share.NONE,
                Of.MODERN,
                Set.of("GET", "HEAD"),
                false,
                Noise.AUTO,
                Duration.ZERO,
                Preset.RAILS,
                List.of(),
                List.of(),
                Optional.empty(),
                Share.NONE,
                Share.NONE,
                Optional.empty(),
                false);

        public Shadow {
            methods = Collections.unmodifiableSet(new TreeSet<>(methods));
            ignore = List.copyOf(ignore);
            unordered = List.copyOf(unordered);
        }

        /**
         * How often legacy is asked twice, to learn what differs by itself.
         *
         * @param isAuto often while a route is new, then ever less
         * @param share of the copied requests, if it is not
         */
        public record Noise(boolean isAuto, Share share) {
            public static final Noise AUTO = new Noise(true, Share.NONE);
            public static final Noise OFF = new Noise(false, Share.NONE);

            /** Whether all that differs is taken for a difference. */
            public boolean isOff() {
                return equals(OFF);
            }

            /** As a file says it. */
            @Override
            public String toString() {
                return isAuto ? "auto" : isOff() ? "off" : share.toString();
            }
        }

        /**
         * How what was written is looked for at both sides.
         *
         * @param path where it can be read, from the match's names; empty, or where the match lacks a name: where the answer's Location says
         * @param settle after so long for the first time; then after four times, and sixteen times as long
         */
        public record ReadBack(Optional<PathPattern> path, Duration settle) {}

        /** Of whose ways it is known that they are no differences. */
        public enum Preset {
            RAILS,
            OFF
        }

        /** Which side gets copies. */
        public enum Of {
            MODERN,
            BOTH
        }
    }

    /**
     * Something that is not compared.
     *
     * @param field a path in JSON such as {@code $.generated_at}, or {@code header NAME}
     * @param until the last day on which it is not, by UTC; empty: for good
     */
    public record Ignored(String field, Optional<LocalDate> until, Optional<String> why) {

        /** For good, and without a word. */
        public static Ignored of(String field) {
            return new Ignored(field, Optional.empty(), Optional.empty());
        }

        @Override
        public String toString() {
            return field
                    + until.map(day -> " until " + day).orElse("")
                    + why.map(because -> ": " + because).orElse("");
        }
    }

    /**
     * The plan that raises the canary; it starts by a command only.
     *
     * @param versionHeader a field of answers in which each side says of which version it is
     */
    public record Ramp(
            List<Share> steps, Duration hold, Gates gates, OnFailure onFailure, Optional<String> versionHeader) {
        public static final Duration DEFAULT_HOLD = Duration.ofMinutes(15);

        public Ramp {
            steps = List.copyOf(steps);
        }

        public enum OnFailure {
            ROLLBACK,
            HOLD
        }
    }

    /**
     * What each step of a ramp must pass.
     *
     * @param errors how much higher modern's share of errors may be: {@code +0.5%}
     * @param p99 how many times legacy's p99 modern's may be: {@code 1.3x}
     * @param parity the least share of equal answers
     */
    public record Gates(Optional<Share> errors, Optional<Double> p99, Optional<Share> parity) {}
}
