package dev.banyan.dataplane.message.rules;

import dev.banyan.dataplane.message.Ascii;
import dev.banyan.dataplane.message.Field;
import dev.banyan.dataplane.message.Framing;
import dev.banyan.dataplane.message.Head;
import dev.banyan.dataplane.message.MessageError;
import org.jspecify.annotations.Nullable;

/** How the end of a body is known, of requests and answers alike: one way, and no other beside it (RFC 9112, 6.3). */
final class BodyFraming {
    private static final byte[] CHUNKED = Ascii.bytes("chunked");

    private BodyFraming() {}

    /**
     * Fills it in; null if all is well.
     *
     * @param unsaid what holds where the head says nothing
     */
    static @Nullable MessageError read(Head head, Framing unsaid) {
        int transferEncoding = head.indexOf(Field.TRANSFER_ENCODING, 0);
        int contentLength = head.indexOf(Field.CONTENT_LENGTH, 0);
        if (transferEncoding >= 0) {
            return contentLength >= 0
                    ? MessageError.bad("two-framings", "Content-Length and Transfer-Encoding exclude each other")
                    : chunked(head, transferEncoding);
        }
        if (contentLength < 0) {
            head.framed(unsaid, -1);
            return null;
        }
        long bytes = ContentLength.read(head, contentLength);
        if (bytes < 0) {
            return MessageError.bad("bad-content-length", "Content-Length is not one decimal number");
        }
        head.framed(bytes == 0 ? Framing.NONE : Framing.LENGTH, bytes);
        return null;
    }

    private static @Nullable MessageError chunked(Head head, int transferEncoding) {
        if (head.http10()
                || head.indexOf(Field.TRANSFER_ENCODING, transferEncoding + 1) >= 0
                || !head.valueIs(transferEncoding, CHUNKED)) {
            return MessageError.bad("bad-transfer-encoding", "the transfer encoding is not chunked, once, in HTTP/1.1");
        }
        head.framed(Framing.CHUNKED, -1);
        return null;
    }
}
