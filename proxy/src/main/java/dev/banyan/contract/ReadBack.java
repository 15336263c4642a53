package dev.banyan.contract;

/**
 * What both sides show of something that was written a while ago.
 *
 * @param pair what they say; its second look asks both again
 * @param deleted the write was a DELETE: that both say it is gone is as it should be
 */
public record ReadBack(ShadowPair pair, boolean deleted) {
    /** Why there is nothing to compare: it was written again meanwhile. */
    public static final String WRITTEN_AGAIN = "written-again";
}
