package dev.banyan.dataplane.forward;

import dev.banyan.dataplane.message.Ascii;
import dev.banyan.dataplane.message.Field;
import dev.banyan.dataplane.message.FieldLine;
import dev.banyan.dataplane.message.Head;
import dev.banyan.dataplane.message.ListedNames;
import dev.banyan.dataplane.message.OutgoingHead;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/**
 * What shared caches may keep of answers (RFC 9111, 3). An answer that says nothing of caching is not counted as one they may keep:
 * else no user of a plain service would ever get a sticky cookie.
 */
final class SharedCaching {
    private static final byte[] PRIVATE = Ascii.bytes("private");
    private static final byte[] NO_STORE = Ascii.bytes("no-store");

    private static final FieldLine ONLY_PRIVATE = FieldLine.of("Cache-Control", "private");

    private SharedCaching() {}

    /** Whether the answer invites shared caches: {@code public}, {@code s-maxage}, a lifetime, or Expires, and not private. */
    static boolean mayKeep(Head head) {
        int cacheControl = head.indexOf(Field.CACHE_CONTROL, 0);
        if (cacheControl < 0) {
            return head.indexOf(Field.EXPIRES, 0) >= 0;
        }
        if (isPrivate(head, cacheControl)) {
            return false;
        }
        boolean[] invited = {head.indexOf(Field.EXPIRES, 0) >= 0};
        for (int i = cacheControl; i >= 0; i = head.indexOf(Field.CACHE_CONTROL, i + 1)) {
            ListedNames.each(head, i, (start, end) -> invited[0] |= invites(head, start, end));
        }
        return invited[0];
    }

    /** While users of a route get answers of both sides, a shared cache that kept one would give it to all. */
    static void makePrivate(Head head, OutgoingHead out) {
        int cacheControl = head.indexOf(Field.CACHE_CONTROL, 0);
        if (cacheControl < 0) {
            out.add(ONLY_PRIVATE);
            return;
        }
        if (isPrivate(head, cacheControl)) {
            return;
        }
        StringBuilder directives = new StringBuilder("private");
        for (int i = cacheControl; i >= 0; i = head.indexOf(Field.CACHE_CONTROL, i + 1)) {
            out.drop(i);
            ListedNames.each(head, i, (start, end) -> {
                String directive = text(head, start, end);
                if (!forSharedCaches(directive)) {
                    directives.append(", ").append(directive);
                }
            });
        }
        out.add(FieldLine.of("Cache-Control", directives.toString()));
    }

    private static boolean isPrivate(Head head, int cacheControl) {
        return ListedNames.contains(head, cacheControl, PRIVATE) || ListedNames.contains(head, cacheControl, NO_STORE);
    }

    private static boolean invites(Head head, int start, int end) {
        String directive = text(head, start, end).toLowerCase(Locale.ROOT);
        return forSharedCaches(directive) || (directive.startsWith("max-age=") && !directive.equals("max-age=0"));
    }

    private static boolean forSharedCaches(String directive) {
        String lower = directive.toLowerCase(Locale.ROOT);
        return lower.equals("public") || lower.startsWith("s-maxage=") || lower.equals("proxy-revalidate");
    }

    private static String text(Head head, int start, int end) {
        return new String(head.bytes(), start, end - start, StandardCharsets.ISO_8859_1);
    }
}
