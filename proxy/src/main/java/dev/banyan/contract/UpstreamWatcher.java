package dev.banyan.contract;

/** Told when an upstream's condition changes: a breaker, an endpoint's health. Must return at once, on whatever thread it is told. */
public interface UpstreamWatcher {
    UpstreamWatcher NOBODY = change -> {};

    void changed(Change change);

    /**
     * What changed.
     *
     * @param subject {@code breaker}, or an endpoint's address
     * @param from a word: {@code closed}, {@code ready}, {@code ejected} …
     * @param why a few words; may be empty
     */
    record Change(String upstream, String subject, String from, String to, String why) {}
}
