package dev.banyan.controlplane.admin.http;

import com.fasterxml.jackson.databind.JsonNode;
import dev.banyan.json.Json;
import io.vertx.core.buffer.Buffer;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * A text as it is written, in pieces of at most 64 KiB. A table of ten thousand routes is some megabytes: as one array it would be grown
 * by copying, and be an object that the collector takes for humongous, each time that somebody looks.
 */
public final class Pieces extends OutputStream {
    private static final int PIECE_BYTES = 64 * 1024;

    private final List<Buffer> full = new ArrayList<>();
    private byte[] piece = new byte[1024];
    private int length;

    static List<Buffer> of(JsonNode body) {
        Pieces pieces = new Pieces();
        Json.writeTo(pieces, body);
        return pieces.done();
    }

    @Override
    public void write(int one) {
        write(new byte[] {(byte) one}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int offset, int count) {
        int from = offset;
        int left = count;
        while (left > 0) {
            if (length == piece.length) {
                makeRoom();
            }
            int part = Math.min(left, piece.length - length);
            System.arraycopy(bytes, from, piece, length, part);
            length += part;
            from += part;
            left -= part;
        }
    }

    private void makeRoom() {
        if (length < PIECE_BYTES) {
            piece = Arrays.copyOf(piece, Math.min(PIECE_BYTES, 4 * length));
        } else {
            full.add(Buffer.buffer(piece));
            piece = new byte[PIECE_BYTES];
            length = 0;
        }
    }

    /** All of them; nothing may be written any more. */
    public List<Buffer> done() {
        full.add(Buffer.buffer(Arrays.copyOf(piece, length)));
        return List.copyOf(full);
    }
}
