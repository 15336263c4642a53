package dev.banyan.pem;

import java.nio.file.Path;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** All that is wrong with files, at once, for who checks before a start. */
public final class PemCheck {
    private final Instant now;
    private final Map<String, PemException> problems = new LinkedHashMap<>();

    /**
     * Nothing was looked at yet.
     *
     * @param now by which it is judged what has expired
     */
    public PemCheck(Instant now) {
        this.now = now;
    }

    /** A certificate with its key. */
    public void pair(Path certificate, Path key) {
        Optional<CertificateChain> chain = chain(certificate);
        chain.ifPresent(read -> read.timeliness(now).forEach(this::tell));
        try {
            PemText pem = PemText.of(key);
            if (chain.isPresent()) {
                PrivateKeyFile.read(pem, chain.get());
                chain.get().order().forEach(this::tell);
            }
        } catch (PemException e) {
            tell(e);
        }
    }

    /** CAs to be believed. */
    public void authorities(Path file) {
        chain(file).ifPresent(read -> read.doubtsAsAuthorities(now).forEach(this::tell));
    }

    private Optional<CertificateChain> chain(Path file) {
        try {
            return Optional.of(CertificateChain.of(PemText.of(file)));
        } catch (PemException e) {
            tell(e);
            return Optional.empty();
        }
    }

    private void tell(PemException problem) {
        problems.putIfAbsent(String.valueOf(problem.getMessage()), problem);
    }

    /** In the order in which they were found, each once. */
    public List<PemException> problems() {
        return List.copyOf(problems.values());
    }
}
