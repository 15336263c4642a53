package dev.banyan.pem;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/** The text of a file: compared to find out whether it changed. Never shown, as it may be a key. */
public record PemText(Path file, String text) {

    /**
     * Reads it.
     *
     * @throws PemException it cannot be read
     */
    public static PemText of(Path file) throws PemException {
        try {
            return new PemText(file, Files.readString(file, StandardCharsets.ISO_8859_1));
        } catch (NoSuchFileException e) {
            throw new PemException(file, "is not there", "write it, or name another", e);
        } catch (AccessDeniedException e) {
            throw new PemException(file, "cannot be read: permission denied", "let the proxy's user read it", e);
        } catch (IOException e) {
            String what = Files.isDirectory(file) ? "is a directory" : "cannot be read (" + e.getMessage() + ")";
            throw new PemException(file, what, "name a PEM file that the proxy may read", e);
        }
    }

    @Override
    public String toString() {
        return "text of " + file;
    }
}
