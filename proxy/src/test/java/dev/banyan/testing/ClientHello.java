package dev.banyan.testing;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** A first message of TLS 1.2 (RFC 5246, 7.4.1.2), written by hand, so that it can be wrong. */
public final class ClientHello {
    private static final byte[] SERVER_NAME = {0, 0};
    private static final byte[] PADDING = {0, 21};

    // secp256r1 and x25519; uncompressed points; ECDSA and RSA-PSS with SHA-256.
    private static final byte[] USUAL_EXTENSIONS = {
        0, 10, 0, 6, 0, 4, 0, 23, 0, 29, 0, 11, 0, 2, 1, 0, 0, 13, 0, 6, 0, 4, 4, 3, 8, 4
    };
    // ECDHE with ECDSA or RSA, AES-128-GCM; and two that nobody should use.
    private static final byte[] CIPHERS = {(byte) 0xc0, 0x2b, (byte) 0xc0, 0x2f, (byte) 0xc0, 0x13, 0, 0x2f};

    private final ByteArrayOutputStream extensions = new ByteArrayOutputStream();
    private int minorVersion = 3;

    public ClientHello() {
        extensions.writeBytes(USUAL_EXTENSIONS);
    }

    /** Asks for a server; several names make one extension with several. */
    public ClientHello name(String... names) {
        ByteArrayOutputStream list = new ByteArrayOutputStream();
        for (String name : names) {
            list.write(0);
            list.writeBytes(sized(2, name.getBytes(StandardCharsets.ISO_8859_1)));
        }
        extensions.writeBytes(SERVER_NAME);
        extensions.writeBytes(sized(2, sized(2, list.toByteArray())));
        return this;
    }

    /** Makes it so many bytes longer, and some. */
    public ClientHello padded(int bytes) {
        extensions.writeBytes(PADDING);
        extensions.writeBytes(sized(2, new byte[bytes]));
        return this;
    }

    /** Of an old version: 0 for SSL 3.0, 1 for TLS 1.0, 2 for 1.1. */
    public ClientHello version(int minor) {
        minorVersion = minor;
        return this;
    }

    public byte[] message() {
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        body.write(3);
        body.write(minorVersion);
        body.writeBytes(new byte[32]);
        body.write(0);
        body.writeBytes(sized(2, CIPHERS));
        body.write(1);
        body.write(0);
        body.writeBytes(sized(2, extensions.toByteArray()));
        ByteArrayOutputStream message = new ByteArrayOutputStream();
        message.write(1);
        message.writeBytes(sized(3, body.toByteArray()));
        return message.toByteArray();
    }

    /** In records of at most so many bytes. */
    public List<byte[]> records(int most) {
        byte[] message = message();
        List<byte[]> records = new ArrayList<>();
        for (int from = 0; from < message.length; from += most) {
            byte[] part = Arrays.copyOfRange(message, from, Math.min(message.length, from + most));
            ByteArrayOutputStream record = new ByteArrayOutputStream();
            record.write(22);
            record.write(3);
            record.write(1);
            record.writeBytes(sized(2, part));
            records.add(record.toByteArray());
        }
        return records;
    }

    private static byte[] sized(int lengthBytes, byte[] content) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        for (int i = lengthBytes - 1; i >= 0; i--) {
            out.write(content.length >> i * Byte.SIZE);
        }
        out.writeBytes(content);
        return out.toByteArray();
    }
}
