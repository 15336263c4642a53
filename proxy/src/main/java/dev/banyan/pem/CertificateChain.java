package dev.banyan.pem;

import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

/**
 * The certificates of one file, in its order.
 *
 * @param all at least one
 */
public record CertificateChain(Path file, List<X509Certificate> all) {
    private static final int DNS_NAME = 2;

    public CertificateChain {
        all = List.copyOf(all);
    }

    /**
     * Reads them.
     *
     * @throws PemException there is none, or one that cannot be read
     */
    public static CertificateChain of(PemText pem) throws PemException {
        List<X509Certificate> all = new ArrayList<>();
        try {
            byte[] bytes = pem.text().getBytes(StandardCharsets.ISO_8859_1);
            for (var each :
                    CertificateFactory.getInstance("X.509").generateCertificates(new ByteArrayInputStream(bytes))) {
                all.add((X509Certificate) each);
            }
        } catch (GeneralSecurityException e) {
            throw new PemException(
                    pem.file(), "has something in it that is no certificate in PEM", "write it again", e);
        }
        if (all.isEmpty()) {
            throw new PemException(
                    pem.file(), "has no certificate in it", "write one in PEM, then those that lead to its CA");
        }
        return new CertificateChain(pem.file(), all);
    }

    /** The server's own. */
    public X509Certificate own() {
        return all.get(0);
    }

    /**
     * The host names that the server's own is for.
     *
     * @throws PemException they cannot be read
     */
    public List<String> names() throws PemException {
        List<String> names = new ArrayList<>();
        try {
            Collection<List<?>> alternatives = own().getSubjectAlternativeNames();
            for (List<?> alternative : alternatives == null ? List.<List<?>>of() : alternatives) {
                if (alternative.get(0) instanceof Integer kind && kind == DNS_NAME) {
                    names.add(String.valueOf(alternative.get(1)));
                }
            }
        } catch (GeneralSecurityException e) {
            throw new PemException(file, "has names that cannot be read", "make another", e);
        }
        return names;
    }

    /** What does not keep it from being shown, but many clients from accepting it. */
    public List<PemException> doubts(Instant now) {
        List<PemException> doubts = new ArrayList<>(timeliness(now));
        doubts.addAll(order());
        return doubts;
    }

    /** Which are not valid now. */
    List<PemException> timeliness(Instant now) {
        List<PemException> doubts = new ArrayList<>();
        for (int i = 0; i < all.size(); i++) {
            String which = i == 0 ? "" : "its certificate number " + (i + 1) + " ";
            Instant start = all.get(i).getNotBefore().toInstant();
            Instant end = all.get(i).getNotAfter().toInstant();
            if (now.isAfter(end)) {
                doubts.add(new PemException(file, which + "has expired on " + end, "renew it"));
            } else if (now.isBefore(start)) {
                String fix = "wait, set the clock right, or write another";
                doubts.add(new PemException(file, which + "is not valid before " + start, fix));
            }
        }
        return doubts;
    }

    /** The certificates that do not stand right behind the one they vouch for (RFC 5246, 7.4.2; clients of TLS 1.3 must take any order, RFC 8446, 4.4.2). */
    List<PemException> order() {
        List<PemException> doubts = new ArrayList<>();
        for (int i = 1; i < all.size(); i++) {
            if (!all.get(i - 1).getIssuerX500Principal().equals(all.get(i).getSubjectX500Principal())) {
                doubts.add(new PemException(
                        file,
                        "its certificate number " + (i + 1) + " is not the CA of number " + i,
                        "write the server's own first, then each one's CA behind it"));
            }
        }
        return doubts;
    }

    /** As CAs to be believed: the order means nothing, and one that has expired only takes along what it signed. */
    public List<PemException> doubtsAsAuthorities(Instant now) {
        boolean allExpired =
                all.stream().allMatch(each -> now.isAfter(each.getNotAfter().toInstant()));
        return allExpired
                ? List.of(new PemException(file, "every CA in it has expired", "write those that are valid"))
                : List.of();
    }
}
