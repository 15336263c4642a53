package dev.banyan.controlplane.revisions;

/** What the base of the table is. */
public enum Source {
    /** The watched directory. */
    FILES,
    /** The admin API, by {@code apply}; a directory only seeds an empty store. */
    API
}
