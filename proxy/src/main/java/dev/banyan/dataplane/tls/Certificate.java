package dev.banyan.dataplane.tls;

import io.netty.handler.ssl.ApplicationProtocolConfig;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.net.ssl.SSLException;

/** One certificate with its key, ready to serve. */
final class Certificate {
    private static final Pattern KEY = Pattern.compile(
            "-----BEGIN ((?:RSA |EC |ENCRYPTED )?PRIVATE KEY)-----([A-Za-z0-9+/=\\s]+)-----END \\1-----");
    private static final Map<String, String> SIGNATURES =
            Map.of("RSA", "SHA256withRSA", "EC", "SHA256withECDSA", "EdDSA", "EdDSA");
    private static final int DNS_NAME = 2;

    private final List<String> names;
    private final Instant notAfter;
    private final SslContext context;

    /** What the two files hold: compared to find out whether they changed. Never shown. */
    record Content(String certificate, String key) {
        static Content of(CertificateFiles files) throws IOException {
            return new Content(text(files.certificate()), text(files.key()));
        }

        private static String text(Path file) throws IOException {
            try {
                return Files.readString(file, StandardCharsets.ISO_8859_1);
            } catch (NoSuchFileException e) {
                throw new IOException(file + ": is not there; fix: write it, or name another", e);
            } catch (IOException e) {
                throw new IOException(
                        file + ": cannot be read (" + e.getMessage() + "); fix: let the proxy read it", e);
            }
        }

        @Override
        public String toString() {
            return "Content of a certificate and its key";
        }
    }

    private Certificate(List<String> names, Instant notAfter, SslContext context) {
        this.names = names;
        this.notAfter = notAfter;
        this.context = context;
    }

    /**
     * Reads and checks both.
     *
     * @throws IOException with the file, what is wrong with it and what to do
     */
    static Certificate read(
            CertificateFiles files, Content content, TlsProvider provider, ApplicationProtocolConfig protocols)
            throws IOException {
        List<X509Certificate> chain = chain(files.certificate(), content.certificate());
        X509Certificate own = chain.get(0);
        PrivateKey key = key(files.key(), content.key(), own.getPublicKey());
        if (!belong(key, own.getPublicKey())) {
            throw new IOException(files.key() + ": is not the key of " + files.certificate()
                    + "; fix: write the two that were made together");
        }
        List<String> names = files.names().isEmpty() ? names(own) : files.names();
        try {
            SslContext context = provider.configure(SslContextBuilder.forServer(key, chain))
                    .applicationProtocolConfig(protocols)
                    .build();
            return new Certificate(
                    names.stream().map(name -> name.toLowerCase(Locale.ROOT)).toList(),
                    own.getNotAfter().toInstant(),
                    context);
        } catch (SSLException e) {
            throw new IOException(
                    files.certificate() + ": cannot be used (" + e.getMessage() + "); fix: make another", e);
        }
    }

    private static List<X509Certificate> chain(Path file, String pem) throws IOException {
        List<X509Certificate> chain = new ArrayList<>();
        try {
            for (var certificate : CertificateFactory.getInstance("X.509")
                    .generateCertificates(new ByteArrayInputStream(pem.getBytes(StandardCharsets.ISO_8859_1)))) {
                chain.add((X509Certificate) certificate);
            }
        } catch (GeneralSecurityException e) {
            throw new IOException(file + ": is no certificate in PEM (" + e.getMessage() + "); fix: write one", e);
        }
        if (chain.isEmpty()) {
            throw new IOException(file + ": has no certificate in it; fix: write one in PEM, then those of its CAs");
        }
        return chain;
    }

    /** What is in the key's file is never told. */
    private static PrivateKey key(Path file, String pem, PublicKey of) throws IOException {
        Matcher block = KEY.matcher(pem);
        if (!block.find()) {
            throw new IOException(file + ": has no private key in it; fix: write one in PEM");
        }
        if (block.group(1).startsWith("ENCRYPTED")) {
            throw new IOException(file + ": is encrypted; fix: openssl pkey -in " + file + " -out KEY");
        }
        try {
            return PrivateKeyDer.read(block.group(1), Base64.getMimeDecoder().decode(block.group(2)), of);
        } catch (GeneralSecurityException | IllegalArgumentException e) {
            throw new IOException(
                    file + ": has no " + of.getAlgorithm()
                            + " key in it, which the certificate is for; fix: write its key",
                    e);
        }
    }

    private static boolean belong(PrivateKey key, PublicKey to) throws IOException {
        String algorithm = SIGNATURES.get(to.getAlgorithm());
        if (algorithm == null) {
            throw new IOException("a key of " + to.getAlgorithm() + " is not understood; fix: use RSA, EC or Ed25519");
        }
        try {
            byte[] text = {'b', 'a', 'n', 'y', 'a', 'n'};
            Signature signature = Signature.getInstance(algorithm);
            signature.initSign(key);
            signature.update(text);
            byte[] signed = signature.sign();
            signature.initVerify(to);
            signature.update(text);
            return signature.verify(signed);
        } catch (GeneralSecurityException e) {
            return false;
        }
    }

    private static List<String> names(X509Certificate certificate) throws IOException {
        List<String> names = new ArrayList<>();
        try {
            Collection<List<?>> alternatives = certificate.getSubjectAlternativeNames();
            for (List<?> alternative : alternatives == null ? List.<List<?>>of() : alternatives) {
                if (alternative.get(0) instanceof Integer kind && kind == DNS_NAME) {
                    names.add(String.valueOf(alternative.get(1)));
                }
            }
        } catch (GeneralSecurityException e) {
            throw new IOException("a certificate's names cannot be read; fix: make another", e);
        }
        return names;
    }

    List<String> names() {
        return names;
    }

    Instant notAfter() {
        return notAfter;
    }

    SslContext context() {
        return context;
    }
}
