package dev.banyan.pem;

import java.security.cert.CertPathBuilderException;
import java.security.cert.CertificateException;
import java.security.cert.CertificateExpiredException;
import java.security.cert.CertificateNotYetValidException;
import java.util.Optional;

/** Why a certificate was not accepted, in words. */
public final class Rejection {
    private Rejection() {}

    /** Ends a sentence that begins with who showed it. Empty: it is not about the certificate. */
    public static Optional<String> of(Throwable failure) {
        boolean refused = false;
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof CertificateExpiredException) {
                return Optional.of("shows a certificate that has expired");
            }
            if (cause instanceof CertificateNotYetValidException) {
                return Optional.of("shows a certificate that is not valid yet");
            }
            if (cause instanceof CertPathBuilderException) {
                return Optional.of("shows a certificate of a CA that is not trusted");
            }
            String message = String.valueOf(cause.getMessage());
            if (cause instanceof CertificateException
                    && (message.startsWith("No subject alternative") || message.startsWith("No name matching"))) {
                return Optional.of("shows a certificate of another name");
            }
            refused |= cause instanceof CertificateException;
        }
        return refused ? Optional.of("shows a certificate that is not accepted") : Optional.empty();
    }
}
