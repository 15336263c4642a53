package dev.banyan.controlplane.admin.tokens;

import java.io.IOException;
import java.util.List;
import java.util.Optional;

/** Keeps the tokens over restarts. A port; what it does blocks, and is on the disk when it returns. */
public interface TokenStore {

    /**
     * Empty: none was ever kept.
     *
     * @throws IOException it cannot be read, which stops the start: going on without would lock everybody out, or let a revoked token in
     */
    Optional<List<Token>> read() throws IOException;

    /** Replaces all that were kept. */
    void write(List<Token> tokens) throws IOException;

    /** Leaves the first token's text where whoever runs the process finds it, and nobody else. */
    void showFirst(String text) throws IOException;
}
