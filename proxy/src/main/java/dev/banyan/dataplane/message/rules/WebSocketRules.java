package dev.banyan.dataplane.message.rules;

import dev.banyan.dataplane.message.Ascii;
import dev.banyan.dataplane.message.Field;
import dev.banyan.dataplane.message.Framing;
import dev.banyan.dataplane.message.Head;
import dev.banyan.dataplane.message.ListedNames;
import dev.banyan.dataplane.message.MessageError;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import org.jspecify.annotations.Nullable;

/**
 * The one upgrade that passes, WebSocket: what asks for it, and what grants it (RFC 6455, 4). Every other, h2c above all, would be a way
 * to speak with an upstream past every rule that holds for requests.
 */
public final class WebSocketRules {
    private static final byte[] WEBSOCKET = Ascii.bytes("websocket");
    private static final byte[] UPGRADE = Ascii.bytes("upgrade");
    private static final byte[] KEY = Ascii.bytes("sec-websocket-key");
    private static final byte[] VERSION = Ascii.bytes("sec-websocket-version");
    private static final byte[] ACCEPT = Ascii.bytes("sec-websocket-accept");
    private static final String THE_VERSION = "13";
    private static final int KEY_BYTES = 16;
    private static final int KEY_CHARACTERS = 24;

    /** RFC 6455, 1.3. */
    private static final String GUID = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";

    private WebSocketRules() {}

    /** Whether the request asks for it, and for nothing else (RFC 6455, 4.2.1). */
    public static boolean asks(Head request) {
        return request.method().equals("GET")
                && !request.http10()
                && (request.framing() == Framing.NONE || request.contentLength() == 0)
                && names(request)
                && THE_VERSION.equals(request.joined(VERSION, ","))
                && isKey(request.joined(KEY, ","));
    }

    /** What is wrong with a 101 to such a request; null: it grants the upgrade. */
    public static @Nullable MessageError grants(Head answer, String key) {
        if (!names(answer)) {
            return MessageError.bad("other-upgrade", "101 to something other than the WebSocket that was asked for");
        }
        if (!acceptFor(key).equals(answer.joined(ACCEPT, ","))) {
            return MessageError.bad("bad-accept", "101 with a Sec-WebSocket-Accept that does not belong to the key");
        }
        return null;
    }

    /** The key of a request that asks. */
    public static String key(Head request) {
        String key = request.joined(KEY, ",");
        if (key == null) {
            throw new IllegalArgumentException("a request that asks for no WebSocket");
        }
        return key;
    }

    private static boolean names(Head head) {
        int upgrade = head.indexOf(Field.UPGRADE, 0);
        int connection = head.indexOf(Field.CONNECTION, 0);
        return upgrade >= 0
                && head.indexOf(Field.UPGRADE, upgrade + 1) < 0
                && head.valueIs(upgrade, WEBSOCKET)
                && connection >= 0
                && ListedNames.contains(head, connection, UPGRADE);
    }

    private static boolean isKey(@Nullable String key) {
        if (key == null || key.length() != KEY_CHARACTERS) {
            return false;
        }
        try {
            return Base64.getDecoder().decode(key).length == KEY_BYTES;
        } catch (IllegalArgumentException notBase64) {
            return false;
        }
    }

    private static String acceptFor(String key) {
        try {
            byte[] digest =
                    MessageDigest.getInstance("SHA-1").digest((key + GUID).getBytes(StandardCharsets.ISO_8859_1));
            return Base64.getEncoder().encodeToString(digest);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-1", e);
        }
    }
}
