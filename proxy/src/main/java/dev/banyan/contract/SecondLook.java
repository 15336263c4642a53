package dev.banyan.contract;

import java.time.Duration;
import java.util.function.Consumer;

/** By which both sides are asked once more what they answered differently: what is equal then was late, and nothing else. */
@FunctionalInterface
public interface SecondLook {
    /** They may not be asked again. */
    SecondLook NONE = (wait, told) -> false;

    /**
     * Has them asked after a while.
     *
     * @param told what both say then, on an event loop, exactly once if they are to be asked; where one of them could not be, its status
     *     is 0
     * @return false: they may not be asked again, or not so late
     */
    boolean take(Duration wait, Consumer<ShadowPair> told);
}
