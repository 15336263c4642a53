package dev.banyan.routing;

import java.util.Locale;

/** The one spelling of a host that decides: another spelling must not find another route. */
public final class HostName {
    private HostName() {}

    /** In lower case, without the port, and without the dot that fully qualifies it: {@code Shop.Test.:8080} is {@code shop.test}. */
    public static String of(String authority) {
        int colon = authority.lastIndexOf(':');
        int end = colon > authority.lastIndexOf(']') ? colon : authority.length();
        if (end > 1 && authority.charAt(end - 1) == '.') {
            end--;
        }
        return authority.substring(0, end).toLowerCase(Locale.ROOT);
    }
}
