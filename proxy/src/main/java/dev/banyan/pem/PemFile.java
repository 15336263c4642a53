package dev.banyan.pem;

import java.nio.file.Path;

/** Where a text in PEM stands, read as often as it may have changed. */
public record PemFile(Path path) {

    /**
     * Reads it; blocks.
     *
     * @throws PemException it cannot be read
     */
    public PemText read() throws PemException {
        return PemText.of(path);
    }

    @Override
    public String toString() {
        return path.toString();
    }
}
