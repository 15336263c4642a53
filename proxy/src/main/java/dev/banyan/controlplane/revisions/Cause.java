package dev.banyan.controlplane.revisions;

/**
 * Who changes something, and why. Both end up in the history.
 *
 * @param author a token's name, {@code files} or {@code start}
 * @param reason as the person wrote it; may be empty
 */
public record Cause(String author, String reason) {}
