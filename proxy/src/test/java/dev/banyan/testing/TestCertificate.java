package dev.banyan.testing;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.math.BigInteger;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.ECGenParameterSpec;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;
import java.util.Base64;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.jspecify.annotations.Nullable;

/** A certificate as a test wants it, written in DER by hand (RFC 5280, 4.1), signed by a CA of the test's own or by itself. */
public final class TestCertificate {
    private static final byte[] ECDSA_WITH_SHA256 = {0x06, 0x08, 0x2a, (byte) 0x86, 0x48, (byte) 0xce, 0x3d, 4, 3, 2};
    private static final byte[] COMMON_NAME = {6, 3, 0x55, 4, 3};
    private static final byte[] ALTERNATIVE_NAMES = {6, 3, 0x55, 0x1d, 0x11};
    private static final byte[] BASIC_CONSTRAINTS = {6, 3, 0x55, 0x1d, 0x13};
    private static final byte[] TRUE = {1, 1, (byte) 0xff};
    private static long serial = 1;

    private final String name;
    private final KeyPair keys;
    private final X509Certificate certificate;

    private TestCertificate(String name, KeyPair keys, X509Certificate certificate) {
        this.name = name;
        this.keys = keys;
        this.certificate = certificate;
    }

    public static TestCertificate ca(String name) throws GeneralSecurityException, IOException {
        return issue(name, null, Instant.now().plus(10, ChronoUnit.DAYS), true);
    }

    /** For ten days. An address among the names is one. */
    public TestCertificate signs(String... names) throws GeneralSecurityException, IOException {
        return issue("leaf", this, Instant.now().plus(10, ChronoUnit.DAYS), false, names);
    }

    public TestCertificate signsUntil(Instant end, String... names) throws GeneralSecurityException, IOException {
        return issue("leaf", this, end, false, names);
    }

    private static TestCertificate issue(
            String name, @Nullable TestCertificate issuer, Instant end, boolean ca, String... names)
            throws GeneralSecurityException, IOException {
        KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
        generator.initialize(new ECGenParameterSpec("secp256r1"));
        KeyPair keys = generator.generateKeyPair();
        ByteArrayOutputStream general = new ByteArrayOutputStream();
        for (String each : names) {
            general.writeBytes(
                    each.matches("[0-9.]+")
                            ? der(0x87, InetAddress.getAllByName(each)[0].getAddress())
                            : der(0x82, each.getBytes(StandardCharsets.US_ASCII)));
        }
        byte[] extension = ca
                ? der(0x30, BASIC_CONSTRAINTS, TRUE, der(4, der(0x30, TRUE)))
                : der(0x30, ALTERNATIVE_NAMES, der(4, der(0x30, general.toByteArray())));
        Instant start = (end.isBefore(Instant.now()) ? end : Instant.now()).minus(20, ChronoUnit.DAYS);
        byte[] algorithm = der(0x30, ECDSA_WITH_SHA256);
        byte[] toBeSigned = der(
                0x30,
                der(0xa0, new byte[] {2, 1, 2}),
                der(2, BigInteger.valueOf(serial++).toByteArray()),
                algorithm,
                subject(issuer == null ? name : issuer.name),
                der(0x30, time(start), time(end)),
                subject(name),
                keys.getPublic().getEncoded(),
                der(0xa3, der(0x30, extension)));
        Signature signature = Signature.getInstance("SHA256withECDSA");
        signature.initSign((issuer == null ? keys : issuer.keys).getPrivate());
        signature.update(toBeSigned);
        byte[] whole = der(0x30, toBeSigned, algorithm, der(3, new byte[1], signature.sign()));
        return new TestCertificate(name, keys, (X509Certificate)
                CertificateFactory.getInstance("X.509").generateCertificate(new ByteArrayInputStream(whole)));
    }

    private static byte[] subject(String name) {
        return der(0x30, der(0x31, der(0x30, COMMON_NAME, der(12, name.getBytes(StandardCharsets.UTF_8)))));
    }

    private static byte[] time(Instant time) {
        return der(
                0x17,
                DateTimeFormatter.ofPattern("yyMMddHHmmss'Z'")
                        .withZone(ZoneOffset.UTC)
                        .format(time)
                        .getBytes(StandardCharsets.US_ASCII));
    }

    private static byte[] der(int tag, byte[]... parts) {
        int length = Arrays.stream(parts).mapToInt(part -> part.length).sum();
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.write(tag);
        if (length > 255) {
            out.write(0x82);
            out.write(length >> 8);
        } else if (length > 127) {
            out.write(0x81);
        }
        out.write(length);
        for (byte[] part : parts) {
            out.writeBytes(part);
        }
        return out.toByteArray();
    }

    public X509Certificate certificate() {
        return certificate;
    }

    public PrivateKey key() {
        return keys.getPrivate();
    }

    public Path writeCertificate(Path file) throws IOException, GeneralSecurityException {
        return Files.writeString(file, pem("CERTIFICATE", certificate.getEncoded()));
    }

    public Path writeKey(Path file) throws IOException {
        return Files.writeString(file, pem("PRIVATE KEY", keys.getPrivate().getEncoded()));
    }

    public static String pem(String label, byte[] der) {
        String body = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(der);
        return "-----BEGIN %s-----\n%s\n-----END %s-----\n".formatted(label, body, label);
    }

    /** For a client that trusts this one and nobody else. */
    public SSLContext trusted() throws GeneralSecurityException, IOException {
        KeyStore store = KeyStore.getInstance("PKCS12");
        store.load(null, null);
        store.setCertificateEntry("ca", certificate);
        TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        trust.init(store);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(null, trust.getTrustManagers(), null);
        return context;
    }

    /** For a server that shows this one. */
    public SSLContext shown() throws GeneralSecurityException, IOException {
        KeyStore store = KeyStore.getInstance("PKCS12");
        store.load(null, null);
        store.setKeyEntry("own", keys.getPrivate(), new char[0], new X509Certificate[] {certificate});
        KeyManagerFactory own = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        own.init(store, new char[0]);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(own.getKeyManagers(), null, null);
        return context;
    }
}
