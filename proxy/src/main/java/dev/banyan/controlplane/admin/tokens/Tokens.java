package dev.banyan.controlplane.admin.tokens;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.NavigableSet;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Who may come in. Asked on the event loop; changed on worker threads. */
public final class Tokens {
    public static final int MOST = 1_000;

    private static final Logger LOG = LoggerFactory.getLogger(Tokens.class);

    private final TokenStore store;
    private final Secrets secrets;
    private final Clock clock;

    // Read by the event loop on every request, written when a token is made or revoked.
    private volatile List<Token> valid;

    private Tokens(TokenStore store, Secrets secrets, Clock clock, List<Token> valid) {
        this.store = store;
        this.secrets = secrets;
        this.clock = clock;
        this.valid = List.copyOf(valid);
    }

    /** Reads the tokens; the first time, makes one admin token. Blocks. */
    public static Tokens open(TokenStore store, Clock clock, SecureRandom random) throws IOException {
        Optional<List<Token>> kept = store.read();
        Tokens tokens = new Tokens(store, new Secrets(random), clock, kept.orElse(List.of()));
        if (kept.isEmpty()) {
            tokens.makeTheFirst();
        }
        return tokens;
    }

    /** Empty if the text is no token's, or of one that expired. */
    public Optional<Token> find(String text) {
        byte[] hash = Secrets.hash(text).getBytes(StandardCharsets.US_ASCII);
        Optional<Token> found = Optional.empty();
        for (Token token : valid) {
            // All of them, each in constant time: how long it takes says nothing of how near a guess was.
            if (MessageDigest.isEqual(token.hash().getBytes(StandardCharsets.US_ASCII), hash)) {
                found = Optional.of(token);
            }
        }
        return found.filter(token -> token.validAt(clock.instant()));
    }

    /** Whether a token that was found is neither expired nor revoked meanwhile. */
    public boolean isStillValid(Token token) {
        return valid.stream().anyMatch(one -> one.id().equals(token.id()) && one.validAt(clock.instant()));
    }

    public List<Token> all() {
        return valid;
    }

    /** The token as kept, and its text, which nobody will see again. */
    public record Made(Token token, String text) {}

    /** Empty if there are too many. Stored when this returns; blocks. */
    public synchronized Optional<Made> make(
            String name, Role role, NavigableSet<String> routes, Optional<Instant> expires) throws IOException {
        Instant now = clock.instant();
        List<Token> next = new ArrayList<>(valid);
        next.removeIf(token -> !token.validAt(now));
        if (next.size() >= MOST) {
            return Optional.empty();
        }
        Made made = fresh(name, role, routes, expires);
        next.add(made.token());
        store(next);
        return Optional.of(made);
    }

    /** What came of revoking. */
    public enum Revoked {
        DONE,
        NO_SUCH_TOKEN,
        /** Without it nobody could make another. */
        LAST_ADMIN
    }

    /** Refused from the next request on. Stored when this returns; blocks. */
    public synchronized Revoked revoke(String id) throws IOException {
        List<Token> next = new ArrayList<>(valid);
        if (!next.removeIf(token -> token.id().equals(id))) {
            return Revoked.NO_SUCH_TOKEN;
        }
        if (next.stream().noneMatch(this::isLastingAdmin)) {
            return Revoked.LAST_ADMIN;
        }
        store(next);
        return Revoked.DONE;
    }

    private boolean isLastingAdmin(Token token) {
        return token.role() == Role.ADMIN && token.expires().isEmpty();
    }

    /** The text first: after a crash between the two, the next start finds no tokens and makes another pair. */
    private void makeTheFirst() throws IOException {
        Made first = fresh("admin", Role.ADMIN, Collections.emptyNavigableSet(), Optional.empty());
        store.showFirst(first.text());
        store(List.of(first.token()));
        LOG.info("made the first admin token id={}", first.token().id());
    }

    private Made fresh(String name, Role role, NavigableSet<String> routes, Optional<Instant> expires) {
        String text = secrets.token();
        return new Made(
                new Token(secrets.id(), name, role, routes, clock.instant(), expires, Secrets.hash(text)), text);
    }

    private void store(List<Token> next) throws IOException {
        store.write(next);
        valid = List.copyOf(next);
    }
}
