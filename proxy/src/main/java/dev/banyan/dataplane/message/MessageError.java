package dev.banyan.dataplane.message;

/**
 * Why a message is refused.
 *
 * @param status what a client gets for it; an upstream's is always 502
 * @param reason a short stable word for logs and metrics
 * @param detail a sentence: what is wrong, and what is expected
 */
public record MessageError(int status, String reason, String detail) {
    public static MessageError bad(String reason, String detail) {
        return new MessageError(400, reason, detail);
    }
}
