package dev.banyan.services.kit.answers;

import dev.banyan.money.json.RailsJson;
import io.vertx.core.buffer.Buffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** An answer in JSON before it is sent, with the headers, and the same ETag for a body, that the monolith has. */
public record Answer(int status, Map<String, String> headers, Buffer body) {

    static final String ETAG = "ETag";

    public static Answer json(int status, Map<String, ?> content) {
        return json(status, Buffer.buffer(RailsJson.bytes(content)));
    }

    /**
     * As the monolith answers with a document.
     *
     * @param body the document as it is sent
     */
    public static Answer json(int status, Buffer body) {
        boolean cacheable = status == 200 || status == 201;
        Map<String, String> headers = new LinkedHashMap<>();
        headers.put("Content-Type", "application/json; charset=utf-8");
        headers.put("Cache-Control", cacheable ? "max-age=0, private, must-revalidate" : "no-cache");
        if (cacheable) {
            headers.put(ETAG, etag(body));
        }
        return new Answer(status, headers, body);
    }

    /** With this header in the place of what it had of the name. */
    public Answer with(String header, String value) {
        Map<String, String> changed = new LinkedHashMap<>(headers);
        changed.put(header, value);
        return new Answer(status, changed, body);
    }

    public Answer without(String header) {
        Map<String, String> changed = new LinkedHashMap<>(headers);
        changed.remove(header);
        return new Answer(status, changed, body);
    }

    @Nullable
    String etag() {
        return headers.get(ETAG);
    }

    private static String etag(Buffer body) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(body.getBytes());
            return "W/\"" + HexFormat.of().formatHex(digest, 0, 16) + "\"";
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }
}
