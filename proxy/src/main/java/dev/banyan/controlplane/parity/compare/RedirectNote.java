package dev.banyan.controlplane.parity.compare;

import dev.banyan.contract.SeenAnswer;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * What Rails writes into a redirect, for people whose client does not follow it; others say nothing there. Where it leads the head says.
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc9110#section-15.4">RFC 9110, 15.4: a short hypertext note</a>
 */
final class RedirectNote {
    private static final Set<Integer> REDIRECTS = Set.of(301, 302, 303, 307, 308);
    private static final Pattern NOTE =
            Pattern.compile("<html><body>You are being <a href=\"[^\"<>]*\">redirected</a>\\.</body></html>\\s*");
    private static final int LONGEST = 10_000;

    private RedirectNote() {}

    /** Whether both are redirects whose bodies, and the type of those, say nothing more. */
    static boolean isAllThatIsSaid(SeenAnswer legacy, SeenAnswer modern, CompareRules rules) {
        return rules.rails() && isAllThatIsSaid(legacy) && isAllThatIsSaid(modern);
    }

    private static boolean isAllThatIsSaid(SeenAnswer answer) {
        if (!REDIRECTS.contains(answer.status()) || answer.first("location").isEmpty()) {
            return false;
        }
        byte[] body = Content.of(answer);
        return body.length == 0
                || body.length <= LONGEST
                        && NOTE.matcher(new String(body, StandardCharsets.UTF_8))
                                .matches();
    }
}
