package dev.banyan.pem;

import java.io.ByteArrayOutputStream;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Arrays;

/**
 * Private keys in the forms that tools write. The JDK knows PKCS #8 only; what {@code openssl genrsa} of old, {@code openssl ecparam} and
 * cert-manager write (PKCS #1, SEC 1) is the same without its wrapping, which names the algorithm: the certificate has that too.
 */
final class PrivateKeyDer {
    private static final byte[] VERSION_0 = {2, 1, 0};
    private static final int SEQUENCE = 0x30;
    private static final int OCTET_STRING = 4;

    private PrivateKeyDer() {}

    /** @param label of the PEM block, such as {@code RSA PRIVATE KEY} */
    static PrivateKey read(String label, byte[] der, PublicKey of) throws GeneralSecurityException {
        byte[] pkcs8 = label.equals("PRIVATE KEY")
                ? der
                : tagged(SEQUENCE, VERSION_0, algorithm(of), tagged(OCTET_STRING, der));
        return KeyFactory.getInstance(of.getAlgorithm()).generatePrivate(new PKCS8EncodedKeySpec(pkcs8));
    }

    /** The AlgorithmIdentifier, which is the first thing in a SubjectPublicKeyInfo (RFC 5280, 4.1.2.7). */
    private static byte[] algorithm(PublicKey key) {
        byte[] info = key.getEncoded();
        int start = contentStart(info, 0);
        int lengthBytes = contentStart(info, start) - start;
        return Arrays.copyOfRange(info, start, start + lengthBytes + length(info, start));
    }

    private static int contentStart(byte[] der, int at) {
        return at + 2 + ((der[at + 1] & 0x80) == 0 ? 0 : der[at + 1] & 0x7f);
    }

    private static int length(byte[] der, int at) {
        if ((der[at + 1] & 0x80) == 0) {
            return der[at + 1];
        }
        int length = 0;
        for (int i = at + 2; i < contentStart(der, at); i++) {
            length = length << Byte.SIZE | der[i] & 0xff;
        }
        return length;
    }

    private static byte[] tagged(int tag, byte[]... parts) {
        int length = Arrays.stream(parts).mapToInt(part -> part.length).sum();
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.write(tag);
        if (length >= 0x80) {
            int bytes = (Integer.SIZE - Integer.numberOfLeadingZeros(length) + Byte.SIZE - 1) / Byte.SIZE;
            out.write(0x80 | bytes);
            for (int i = bytes - 1; i >= 0; i--) {
                out.write(length >> i * Byte.SIZE);
            }
        } else {
            out.write(length);
        }
        for (byte[] part : parts) {
            out.writeBytes(part);
        }
        return out.toByteArray();
    }
}
