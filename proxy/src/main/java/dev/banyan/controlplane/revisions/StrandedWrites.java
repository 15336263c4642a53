package dev.banyan.controlplane.revisions;

/** What to do with a change after which readers no longer see what modern took: {@code --accept-stranded-writes}. */
public enum StrandedWrites {
    REFUSE,
    ACCEPT
}
