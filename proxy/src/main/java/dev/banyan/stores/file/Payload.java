package dev.banyan.stores.file;

import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HexFormat;
import java.util.List;

/**
 * One append: a revision and the texts that it is the first to need. They stand in one record, so that a crash keeps both or neither.
 *
 * <p>As bytes: the number, the count of texts, each text's digest, length and bytes, then the revision's JSON up to the end.
 */
@SuppressWarnings("ArrayRecordComponent") // bytes on their way to and from a file; never compared
record Payload(long number, List<Blob> blobs, byte[] json) {

    static byte[] encode(long number, Collection<Blob> blobs, byte[] json) {
        int size = Long.BYTES + Integer.BYTES + json.length;
        for (Blob blob : blobs) {
            size += Blob.DIGEST_BYTES + Integer.BYTES + blob.bytes().length;
        }
        ByteBuffer bytes = ByteBuffer.allocate(size).putLong(number).putInt(blobs.size());
        for (Blob blob : blobs) {
            bytes.put(HexFormat.of().parseHex(blob.digest()))
                    .putInt(blob.bytes().length)
                    .put(blob.bytes());
        }
        return bytes.put(json).array();
    }

    /** @throws IllegalArgumentException it is no payload */
    static Payload decode(byte[] payload) {
        try {
            ByteBuffer bytes = ByteBuffer.wrap(payload);
            long number = bytes.getLong();
            int count = bytes.getInt();
            List<Blob> blobs = new ArrayList<>();
            for (int i = 0; i < count; i++) {
                String digest = HexFormat.of().formatHex(take(bytes, Blob.DIGEST_BYTES));
                blobs.add(new Blob(digest, take(bytes, bytes.getInt())));
            }
            return new Payload(number, blobs, take(bytes, bytes.remaining()));
        } catch (BufferUnderflowException e) {
            throw new IllegalArgumentException("it ends too early", e);
        }
    }

    private static byte[] take(ByteBuffer from, int length) {
        if (length < 0 || length > from.remaining()) {
            throw new IllegalArgumentException("a part of " + length + " bytes");
        }
        byte[] taken = new byte[length];
        from.get(taken);
        return taken;
    }
}
