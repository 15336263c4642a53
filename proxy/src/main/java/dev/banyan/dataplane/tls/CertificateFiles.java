package dev.banyan.dataplane.tls;

import java.nio.file.Path;
import java.util.List;

/**
 * A certificate with its key, as PEM files.
 *
 * @param certificate the server's own first, then those that lead to its CA
 * @param names which server names it is for, {@code bank.test} or {@code *.bank.test}; none: those in the certificate
 */
public record CertificateFiles(Path certificate, Path key, List<String> names) {
    public CertificateFiles {
        names = List.copyOf(names);
    }
}
