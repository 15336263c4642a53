package dev.banyan.dataplane.wire.http1;

import dev.banyan.dataplane.message.Ascii;
import org.jspecify.annotations.Nullable;

/** The grammar of chunk extensions, byte by byte (RFC 9112, 7.1.1): {@code *( BWS ";" BWS name [ BWS "=" BWS value ] )}. */
final class ChunkExtensions {
    private enum State {
        NONE,
        BEFORE_SEMICOLON,
        BEFORE_NAME,
        NAME,
        AFTER_NAME,
        BEFORE_VALUE,
        TOKEN,
        QUOTED,
        ESCAPED,
        AFTER_VALUE
    }

    private State state = State.NONE;

    void begin() {
        state = State.NONE;
    }

    boolean begun() {
        return state != State.NONE;
    }

    /** Whether the line may end here. */
    boolean mayEnd() {
        return switch (state) {
            case NONE, NAME, TOKEN, AFTER_VALUE -> true;
            // White space must be followed by what it stands before.
            case BEFORE_SEMICOLON, BEFORE_NAME, AFTER_NAME, BEFORE_VALUE, QUOTED, ESCAPED -> false;
        };
    }

    boolean accepts(byte b) {
        State next = next(b);
        if (next == null) {
            return false;
        }
        state = next;
        return true;
    }

    private @Nullable State next(byte b) {
        boolean space = b == ' ' || b == '\t';
        boolean token = (Ascii.classOf(b) & Ascii.TOKEN) != 0;
        return switch (state) {
            case NONE, BEFORE_SEMICOLON -> b == ';' ? State.BEFORE_NAME : space ? State.BEFORE_SEMICOLON : null;
            case BEFORE_NAME -> token ? State.NAME : space ? State.BEFORE_NAME : null;
            case NAME -> token ? State.NAME : afterName(b, space);
            case AFTER_NAME -> afterName(b, space);
            case BEFORE_VALUE -> token ? State.TOKEN : b == '"' ? State.QUOTED : space ? State.BEFORE_VALUE : null;
            case TOKEN -> token ? State.TOKEN : b == ';' ? State.BEFORE_NAME : space ? State.BEFORE_SEMICOLON : null;
            case QUOTED -> quoted(b);
            case ESCAPED -> (Ascii.classOf(b) & Ascii.VALUE) != 0 ? State.QUOTED : null;
            case AFTER_VALUE -> b == ';' ? State.BEFORE_NAME : space ? State.BEFORE_SEMICOLON : null;
        };
    }

    private static @Nullable State afterName(byte b, boolean space) {
        return b == '=' ? State.BEFORE_VALUE : b == ';' ? State.BEFORE_NAME : space ? State.AFTER_NAME : null;
    }

    private static @Nullable State quoted(byte b) {
        if (b == '"') {
            return State.AFTER_VALUE;
        }
        if (b == '\\') {
            return State.ESCAPED;
        }
        return (Ascii.classOf(b) & Ascii.VALUE) != 0 ? State.QUOTED : null;
    }
}
