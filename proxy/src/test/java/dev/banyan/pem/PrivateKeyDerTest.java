package dev.banyan.pem;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Private keys as tools write them. */
final class PrivateKeyDerTest {
    @ParameterizedTest
    @CsvSource({
        "RSA, 2048, RSA PRIVATE KEY",
        "RSA, 3072, RSA PRIVATE KEY",
        "EC, 256, EC PRIVATE KEY",
        "EC, 384, EC PRIVATE KEY"
    })
    void a_key_without_its_wrapping_is_the_same_key(String algorithm, int bits, String label) throws Exception {
        KeyPairGenerator generator = KeyPairGenerator.getInstance(algorithm);
        generator.initialize(bits);
        KeyPair pair = generator.generateKeyPair();
        byte[] wrapped = pair.getPrivate().getEncoded();

        assertThat(PrivateKeyDer.read("PRIVATE KEY", wrapped, pair.getPublic())).isEqualTo(pair.getPrivate());
        assertThat(PrivateKeyDer.read(label, unwrapped(wrapped), pair.getPublic()))
                .isEqualTo(pair.getPrivate());
    }

    /** PKCS #8 is a sequence of a version, an algorithm and the key proper in an octet string (RFC 5208, 5). */
    private static byte[] unwrapped(byte[] pkcs8) {
        ByteBuffer in = ByteBuffer.wrap(pkcs8);
        length(in);
        in.position(in.position() + 3);
        int algorithm = length(in);
        in.position(in.position() + algorithm);
        byte[] key = new byte[length(in)];
        in.get(key);
        return key;
    }

    /** Of the next element, whose content is then next. */
    private static int length(ByteBuffer in) {
        in.get();
        int first = in.get() & 0xff;
        int length = first < 0x80 ? first : 0;
        for (int n = first < 0x80 ? 0 : first & 0x7f; n > 0; n--) {
            length = length << 8 | in.get() & 0xff;
        }
        return length;
    }
}
