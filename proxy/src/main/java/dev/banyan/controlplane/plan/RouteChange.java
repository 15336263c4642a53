package dev.banyan.controlplane.plan;

import dev.banyan.routing.Share;
import dev.banyan.routing.Side;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * What would change for one route, and for whom.
 *
 * @param squad whose it is, or was where it is removed
 * @param lines in words, setting by setting
 * @param canaryBefore in force now; empty for a route that is added
 * @param canaryAfter would be in force; empty for one that is removed
 * @param counted requests of the counted time
 * @param moves exactly who moves; empty if nobody does, or if {@code reshuffle} says that nobody can tell
 * @param expected how many more would move, by chance: requests of users without a bucket, or all of them after a reshuffle
 * @param reshuffle why every user would get another bucket; empty: nobody does
 * @param pilots who moves by being put on the list of pilots or taken off it
 * @param strands which writes would be stranded; empty: none
 * @param notes what else to know: what keeps the change from taking effect, what cannot be told
 */
public record RouteChange(
        String id,
        Optional<String> squad,
        Kind kind,
        List<String> lines,
        Optional<Share> canaryBefore,
        Optional<Share> canaryAfter,
        Counted counted,
        List<Move> moves,
        long expected,
        Optional<String> reshuffle,
        List<PilotMove> pilots,
        Optional<String> strands,
        List<String> notes) {
    public RouteChange {
        lines = List.copyOf(lines);
        moves = List.copyOf(moves);
        pilots = List.copyOf(pilots);
        notes = List.copyOf(notes);
    }

    public enum Kind {
        ADDED,
        REMOVED,
        CHANGED
    }

    /**
     * What there is to go by.
     *
     * @param since counted from then on
     */
    public record Counted(Instant since, long requests) {}

    /** A sticky key as the file writes it. */
    public record PilotMove(String key, int bucket, Side from, Side to) {}

    /** Requests of the counted time that certainly move. */
    public long moved() {
        return moves.stream().mapToLong(Move::requests).sum();
    }

    public long movedUnsafe() {
        return moves.stream().mapToLong(Move::unsafe).sum();
    }
}
