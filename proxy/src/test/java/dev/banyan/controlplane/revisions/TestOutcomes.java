package dev.banyan.controlplane.revisions;

/** What a refusal says. */
final class TestOutcomes {
    private TestOutcomes() {}

    static Outcome.Refused refused(Outcome outcome) {
        if (outcome instanceof Outcome.Refused refused) {
            return refused;
        }
        throw new AssertionError("not refused: " + outcome);
    }

    static Outcome.Why why(Outcome outcome) {
        return refused(outcome).why();
    }
}
