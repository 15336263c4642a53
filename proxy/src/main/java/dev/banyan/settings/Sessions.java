package dev.banyan.settings;

/** Where the monolith keeps its users' sessions. */
public enum Sessions {
    /** In the cookie itself: what is asked with it once more uses nothing up. */
    COOKIE,
    /** In a store of its own, by an id in the cookie. */
    SERVER;

    @Override
    public String toString() {
        return Kind.word(this);
    }
}
