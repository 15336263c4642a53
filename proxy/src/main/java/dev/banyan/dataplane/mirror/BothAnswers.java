package dev.banyan.dataplane.mirror;

import dev.banyan.contract.SeenAnswer;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/** Waits for what two sides say, on one event loop, and tells it once. */
final class BothAnswers {
    /** One that could not be asked. */
    static final SeenAnswer NOT_ASKED = SeenAnswer.none("unsettled");

    private final BiConsumer<SeenAnswer, SeenAnswer> told;
    private @Nullable SeenAnswer same;
    private @Nullable SeenAnswer other;

    /** @param told what the side says that answered the client, and what the other says */
    BothAnswers(BiConsumer<SeenAnswer, SeenAnswer> told) {
        this.told = told;
    }

    void same(SeenAnswer answer) {
        same = answer;
        tell();
    }

    void other(SeenAnswer answer) {
        other = answer;
        tell();
    }

    /** Neither is asked any more, for the same reason. */
    void neither(SeenAnswer why) {
        same(why);
        other(why);
    }

    private void tell() {
        SeenAnswer one = same;
        SeenAnswer two = other;
        if (one != null && two != null) {
            told.accept(one, two);
        }
    }
}
