package dev.banyan.pem;

import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.util.Base64;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The private key of a certificate. What is in its file is never told. */
public final class PrivateKeyFile {
    private static final Pattern KEY = Pattern.compile(
            "-----BEGIN ((?:RSA |EC |ENCRYPTED )?PRIVATE KEY)-----([A-Za-z0-9+/=\\s]+)-----END \\1-----");
    private static final Map<String, String> SIGNATURES =
            Map.of("RSA", "SHA256withRSA", "EC", "SHA256withECDSA", "EdDSA", "EdDSA");

    private PrivateKeyFile() {}

    /**
     * Reads it.
     *
     * @throws PemException it is none, or not that of the chain's first certificate
     */
    public static PrivateKey read(PemText pem, CertificateChain chain) throws PemException {
        Matcher block = KEY.matcher(pem.text());
        if (!block.find()) {
            throw new PemException(pem.file(), "has no private key in it", "write one in PEM");
        }
        if (block.group(1).startsWith("ENCRYPTED")) {
            throw new PemException(pem.file(), "is encrypted", "openssl pkey -in " + pem.file() + " -out KEY");
        }
        PublicKey own = chain.own().getPublicKey();
        if (!SIGNATURES.containsKey(own.getAlgorithm())) {
            throw new PemException(
                    chain.file(), "a key of " + own.getAlgorithm() + " is not understood", "use RSA, EC or Ed25519");
        }
        byte[] der = der(pem, block);
        Optional<PrivateKey> key = keyOf(own, block.group(1), der);
        if (key.isEmpty()) {
            throw wrong(pem, block.group(1), der, chain);
        }
        return key.get();
    }

    private static byte[] der(PemText pem, Matcher block) throws PemException {
        try {
            return Base64.getMimeDecoder().decode(block.group(2));
        } catch (IllegalArgumentException e) {
            throw new PemException(pem.file(), "has a private key that is broken", "write it again", e);
        }
    }

    private static PemException wrong(PemText pem, String label, byte[] der, CertificateChain chain) {
        for (int i = 1; i < chain.all().size(); i++) {
            if (keyOf(chain.all().get(i).getPublicKey(), label, der).isPresent()) {
                return new PemException(
                        chain.file(),
                        "the certificate of the key " + pem.file() + " stands at place " + (i + 1),
                        "write it first, then each one's CA behind it");
            }
        }
        return new PemException(
                pem.file(), "is not the key of " + chain.file(), "write the two that were made together");
    }

    /** Empty: it is not that key. What one signs, the other verifies. */
    private static Optional<PrivateKey> keyOf(PublicKey of, String label, byte[] der) {
        String algorithm = SIGNATURES.get(of.getAlgorithm());
        if (algorithm == null) {
            return Optional.empty();
        }
        try {
            PrivateKey key = PrivateKeyDer.read(label, der, of);
            byte[] text = {'b', 'a', 'n', 'y', 'a', 'n'};
            Signature signature = Signature.getInstance(algorithm);
            signature.initSign(key);
            signature.update(text);
            byte[] signed = signature.sign();
            signature.initVerify(of);
            signature.update(text);
            return signature.verify(signed) ? Optional.of(key) : Optional.empty();
        } catch (GeneralSecurityException | IllegalArgumentException e) {
            return Optional.empty();
        }
    }
}
