package dev.banyan.routing.decide;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * What stands in the cookie {@code banyan}: who the client is to the canary, as long as nobody knows the user.
 *
 * <ul>
 *   <li>{@code 1.aID.SIGNATURE}: a random id, for a client that was never seen with a user. Its sticky key is {@code cookie:ID}.
 *   <li>{@code 1.uHASH.SEALED}: the last user seen, as a keyed hash, and under it the user's id, encrypted. Its sticky key is the user's,
 *       {@code user:42}: so a client that logs out is to the canary, and to the list of pilots, who it was before. The hash alone would
 *       not do: the bucket is the same on every replica, in a shell and after a change of the secret because no secret goes into it, so it
 *       cannot be had from a keyed hash.
 * </ul>
 *
 * <p>It says nothing of who is logged in, and only the canary may ask it.
 */
final class StickyCookie {
    static final String NAME = "banyan";

    private static final int MAX_CHARS = 512;
    private static final int MAX_USER_BYTES = 192;
    private static final int ID_BYTES = 16;
    private static final String ANONYMOUS = "1.a";
    private static final Base64.Encoder BASE64 = Base64.getUrlEncoder().withoutPadding();

    private final Signer ids;
    private final List<UserSeal> seals;

    StickyCookie(SigningKeys keys) {
        ids = new Signer(keys, "sticky id", MAX_CHARS);
        List<byte[]> hashes = keys.derive("sticky user hash");
        List<byte[]> ciphers = keys.derive("sticky user seal");
        seals = IntStream.range(0, hashes.size())
                .mapToObj(i -> new UserSeal(hashes.get(i), ciphers.get(i)))
                .toList();
    }

    /** A value for a client that nobody knows. */
    String newId(RandomGenerator random) {
        byte[] id = new byte[ID_BYTES];
        random.nextBytes(id);
        return ids.sign(ANONYMOUS + BASE64.encodeToString(id));
    }

    /** The value for a user; null if the user's name is too long for a cookie. */
    @Nullable
    String ofUser(String user) {
        byte[] name = user.getBytes(StandardCharsets.UTF_8);
        if (name.length > MAX_USER_BYTES) {
            return null;
        }
        return seals.get(0).seal(name);
    }

    /**
     * Whether a value stands for that user: by the hash alone, since this is asked of every request of a user who is logged in, and
     * opening the rest costs several times as much. Who spoils the rest of his own cookie is anonymous once logged out. One of a key that
     * signs no more does not count, so that the user gets another.
     */
    boolean isOf(String user, String value) {
        String begin = seals.get(0).beginOf(user.getBytes(StandardCharsets.UTF_8));
        return value.length() > begin.length() && Signer.same(value.substring(0, begin.length()), begin);
    }

    /** The sticky key that a value stands for; null if it is not one of ours. Never throws. */
    @Nullable
    String stickyKey(String value) {
        Found found = open(value);
        return found == null ? null : found.stickyKey();
    }

    /**
     * What a value of ours stands for.
     *
     * @param renewed the same under the key that signs now; null if it is that already
     */
    record Found(String stickyKey, @Nullable String renewed) {}

    /** Null if it is not one of ours. Never throws. */
    @Nullable
    Found open(String value) {
        if (value.length() > MAX_CHARS) {
            return null;
        }
        if (value.startsWith(ANONYMOUS)) {
            String text = ids.open(value);
            return text == null
                    ? null
                    : new Found(StickyKey.ofCookie(text.substring(ANONYMOUS.length())), ids.renewed(value, text));
        }
        return value.startsWith(UserSeal.PREFIX) ? openUser(value) : null;
    }

    private @Nullable Found openUser(String value) {
        for (int i = 0; i < seals.size(); i++) {
            String user = seals.get(i).open(value);
            if (user != null) {
                return new Found(StickyKey.ofUser(user), i == 0 ? null : ofUser(user));
            }
        }
        return null;
    }
}
