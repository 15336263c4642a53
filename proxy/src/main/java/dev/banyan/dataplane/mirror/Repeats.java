package dev.banyan.dataplane.mirror;

import dev.banyan.contract.SeenAnswer;
import dev.banyan.dataplane.message.Ascii;
import dev.banyan.dataplane.message.Head;
import dev.banyan.routing.decide.Cookies;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.regex.Pattern;

/**
 * Which requests Banyan may make once more to the side that has answered them, to see its answer in another form, or whether it is the
 * same. Every one of them is an access that the client did not make: at most one a user and minute, and none where it could use something
 * up. Used by all loops.
 */
final class Repeats {
    private static final int SLOTS = 8192;
    private static final byte[] COOKIE = Ascii.bytes("cookie");

    /** Wrong credentials, an account that is locked, too many requests: one more could count against a person. */
    private static final Set<Integer> REFUSALS = Set.of(401, 423, 429);

    /** A cookie that says who one is, whatever it was before; what guards forms is called a token, too. */
    private static final Pattern CREDENTIALS =
            Pattern.compile("(?i)(?!.*(?:csrf|xsrf)).*(?:remember|auth|token|jwt|sso|log[-_]?in).*");

    private static final long BEGUN_NANOS = System.nanoTime();
    private static final long MINUTE_NANOS = TimeUnit.MINUTES.toNanos(1);

    /** The minute of the last repeat, by user. Two users may share one: then the second waits for the next minute. */
    private final AtomicLongArray minutes = new AtomicLongArray(SLOTS);

    /**
     * Takes the one repeat that a user has in this minute, if the request may be made once more.
     *
     * @param keyHash the user's; who tells nothing of itself is one user together with all others that do not
     */
    boolean take(Head request, SeenAnswer answer, long keyHash) {
        // Whoever compares asks, too, and has no clock of a loop. Never 0, which is where all begin.
        long minute = (System.nanoTime() - BEGUN_NANOS) / MINUTE_NANOS + 1;
        int slot = (int) Long.remainderUnsigned(keyHash, SLOTS);
        long last = minutes.get(slot);
        // Most have had theirs, which is sooner seen than whether this one is harmless.
        return last != minute && isHarmless(request, answer) && minutes.compareAndSet(slot, last, minute);
    }

    /**
     * Whether asking once more uses nothing up, as far as the request and its answer tell. Rails sends a session's cookie anew with every
     * answer, so only one that the client did not have before, or one that is a credential, may be a login's.
     */
    static boolean isHarmless(Head request, SeenAnswer answer) {
        String path = request.path();
        if (path == null || SessionPages.isOne(path) || REFUSALS.contains(answer.status())) {
            return false;
        }
        String had = request.joined(COOKIE, ";");
        return answer.fields().stream()
                .filter(field -> field.name().equalsIgnoreCase("set-cookie"))
                .map(field -> field.value().split("=", 2)[0].strip())
                .allMatch(name ->
                        Cookies.has(had, name) && !CREDENTIALS.matcher(name).matches());
    }
}
