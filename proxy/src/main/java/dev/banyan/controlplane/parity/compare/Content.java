package dev.banyan.controlplane.parity.compare;

import dev.banyan.contract.SeenAnswer;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Locale;
import java.util.zip.GZIPInputStream;
import org.brotli.dec.BrotliInputStream;

/** The bytes of a body without its coding. What a few bytes could be made of is bounded. */
final class Content {
    private static final int MOST_BYTES = 4 << 20;

    private Content() {}

    /** @throws NotComparable it cannot be decoded, or is too large */
    static byte[] of(SeenAnswer answer) {
        String coding = answer.first("content-encoding").toLowerCase(Locale.ROOT);
        return switch (coding) {
            case "", "identity" -> answer.body();
            case "gzip", "x-gzip" -> decoded(answer.body(), GZIPInputStream::new);
            case "br" -> decoded(answer.body(), BrotliInputStream::new);
            default -> throw new NotComparable("encoding");
        };
    }

    /** Makes a stream that decodes another. */
    @FunctionalInterface
    private interface Decoder {
        InputStream of(InputStream coded) throws IOException;
    }

    private static byte[] decoded(byte[] body, Decoder decoder) {
        if (body.length == 0) {
            return body;
        }
        try (InputStream in = decoder.of(new ByteArrayInputStream(body))) {
            byte[] content = in.readNBytes(MOST_BYTES + 1);
            if (content.length > MOST_BYTES) {
                throw new NotComparable("too-large");
            }
            return content;
        } catch (IOException e) {
            throw new NotComparable("encoding");
        }
    }
}
