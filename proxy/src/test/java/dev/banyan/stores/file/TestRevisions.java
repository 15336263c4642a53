package dev.banyan.stores.file;

import dev.banyan.controlplane.revisions.StoredRevision;
import dev.banyan.routing.Flag;
import dev.banyan.routing.Flags;
import dev.banyan.routing.Freeze;
import dev.banyan.routing.KnownDifference;
import dev.banyan.routing.RouteFlags;
import dev.banyan.routing.Share;
import dev.banyan.routing.Side;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** Revisions with something in every field. */
final class TestRevisions {
    private static final Instant NOW = Instant.parse("2026-03-01T12:00:00.123456789Z");

    private TestRevisions() {}

    static StoredRevision number(long number) {
        return number(number, "base: \u00e9\n");
    }

    static StoredRevision number(long number, String baseText) {
        Flag<Share> canary = new Flag<>(new Share((int) (number % 10_001)), "alice", "because " + number, NOW);
        Flag<Freeze> freeze = new Flag<>(new Freeze(true), "bob", "", NOW);
        KnownDifference rounding = new KnownDifference("$.items[*].amount", "carol", LocalDate.of(2027, 1, 31));
        RouteFlags all = new RouteFlags(
                        Optional.of(canary),
                        Optional.of(canary),
                        Optional.of(Side.MODERN),
                        Optional.of(freeze),
                        new TreeMap<>())
                .withKnown(rounding.field(), Optional.of(new Flag<>(rounding, "alice", "MON-12", NOW)));
        Flags flags = Flags.NONE
                .with("transactions", all)
                .with("accounts", RouteFlags.NONE.withOwner(Optional.of(Side.LEGACY)))
                .withFreeze(Optional.of(freeze));
        return new StoredRevision(
                number,
                "digest " + number,
                number - 1,
                NOW,
                "alice",
                "because",
                List.of("transactions: canary 25% -> 50%", "and a second line"),
                number % 2 == 0 ? Optional.of(number / 2) : Optional.empty(),
                baseText,
                flags,
                new TreeMap<>(Map.of("a.yaml", "one\n", "b.yaml", baseText)));
    }
}
