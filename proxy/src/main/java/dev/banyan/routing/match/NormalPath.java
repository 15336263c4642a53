package dev.banyan.routing.match;

import dev.banyan.routing.PathRules;
import org.jspecify.annotations.Nullable;

/**
 * The one spelling of a path that decides, and that a matched route's upstream gets.
 *
 * <p>In this order: escapes of unreserved characters are decoded (RFC 3986, 2.3) and the hex of all others put in upper case; slashes
 * are merged; dot segments are resolved. What the grammar does not allow to stand raw (bytes over 0x7F, {@code "<>^`{|}[]}) is
 * escaped, since every server reads the byte and its escape alike.
 *
 * <p>Refused is what two servers could read as two paths:
 *
 * <ul>
 *   <li>a backslash, raw or as {@code %5C}: a slash to some;
 *   <li>{@code %00}, raw control bytes, space, {@code #} and {@code ?}: the end of the path to some (puma cuts at {@code #});
 *   <li>an escape that is none: {@code %zz}, {@code %2};
 *   <li>a dot segment in disguise, {@code /..;/}, {@code /.;x/}, {@code /..%3B/}, {@code /..%2F}: resolved by some, data to others;
 *       and {@code ..} behind a segment of nothing but parameters, {@code /a/;x/..}: it takes back that one or, for who cuts parameters
 *       off, the one before;
 *   <li>dot segments that lead above the root: RFC 3986, 5.2.4 would drop them, but no client sends them in earnest, and it is how
 *       one gets out of a prefix that something behind us adds;
 *   <li>{@code %2F} with {@code paths: plain}. With {@code paths: rails} it is data inside a segment, as Rails takes it: never a
 *       separator, never decoded.
 * </ul>
 */
public sealed interface NormalPath {

    /** A path that everybody reads alike, but for parameters. */
    sealed interface Usable extends NormalPath {
        String path();

        /** The same as it is read by who cuts parameters off; null if it has none. */
        @Nullable
        String withoutParameters();
    }

    /** One without parameters, as nearly all are. */
    record Normal(String path) implements Usable {
        @Override
        public @Nullable String withoutParameters() {
            return null;
        }
    }

    /**
     * One with {@code ;parameters}, raw or escaped, in some segment: one path to who takes them for data, another to who cuts them off.
     * Where the two lead is for its reader to compare.
     */
    record Parametrised(String path, String withoutParameters) implements Usable {}

    /**
     * No path that everybody reads alike.
     *
     * @param detail a sentence for the client: what, and what to do instead
     */
    record Refused(String detail) implements NormalPath {}

    /**
     * Idempotent; gives back the same String where the path is normal already, and allocates no other unless it has parameters.
     *
     * @param raw as it came, one char for each byte; {@code *} is normal
     */
    static NormalPath of(String raw, PathRules rules) {
        return PathNormaliser.isOrdinary(raw) ? new Normal(raw) : PathNormaliser.normalise(raw, rules);
    }

    /** Whether a path as it came has {@code .} or {@code ..} for a segment, escaped or not: some servers resolve them, others do not. */
    static boolean hasDotSegment(String raw) {
        return PathNormaliser.hasDotSegment(raw);
    }

    /** Whether the escapes of a normal path spell UTF-8. Rails answers 400 where a path's parameter is anything else. */
    static boolean isUtf8(String normal) {
        return normal.indexOf('%') < 0 || PathNormaliser.isUtf8(normal);
    }
}
