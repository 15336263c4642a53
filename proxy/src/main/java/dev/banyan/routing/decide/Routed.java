package dev.banyan.routing.decide;

/** What comes of asking where a request goes. */
public sealed interface Routed {

    record To(Decision decision) implements Routed {}

    /**
     * The answer depends on a form's {@code _method}: hold the body and ask again.
     *
     * @param maxBytes the most that is held of it; a larger form is decided without
     */
    record NeedsForm(long maxBytes) implements Routed {}

    /**
     * It may go nowhere.
     *
     * @param status 400, 406 or 413
     * @param reason a short stable word for logs and metrics: {@code bad-path}
     * @param detail a sentence for the client: what, and what to do instead
     */
    record Refused(int status, String reason, String detail) implements Routed {}
}
