package dev.banyan.settings;

/** What the base of the table is. */
public enum TableSource {
    /** The watched directory. */
    FILES,
    /** The admin API; the directory only seeds an empty store. */
    API;

    @Override
    public String toString() {
        return Kind.word(this);
    }
}
