package dev.banyan.pem;

import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** All that is wrong with files, at once, for who checks before a start. */
public final class PemCheck {
    private final Instant now;
    private final List<PemException> problems = new ArrayList<>();

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
        chain.ifPresent(read -> problems.addAll(read.doubts(now)));
        try {
            PemText pem = PemText.of(key);
            if (chain.isPresent()) {
                PrivateKeyFile.read(pem, chain.get());
            }
        } catch (PemException e) {
            problems.add(e);
        }
    }

    /** CAs to be believed. */
    public void authorities(Path file) {
        chain(file).ifPresent(read -> problems.addAll(read.doubtsAsAuthorities(now)));
    }

    private Optional<CertificateChain> chain(Path file) {
        try {
            return Optional.of(CertificateChain.of(PemText.of(file)));
        } catch (PemException e) {
            problems.add(e);
            return Optional.empty();
        }
    }

    public List<PemException> problems() {
        return List.copyOf(problems);
    }
}
