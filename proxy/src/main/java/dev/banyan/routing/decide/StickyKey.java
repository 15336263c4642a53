package dev.banyan.routing.decide;

import java.util.Locale;
import java.util.Set;

/**
 * Who a request belongs to, for the canary: a text {@code source:value}. {@code user:42}; {@code x-user-id:7}, a header's name in lower
 * case; {@code cookie:ID}; {@code ip:ADDRESS}; {@code request:RANDOM}. Pilots are written so too, a header's name in any case.
 */
public final class StickyKey {
    private static final Set<String> SOURCES = Set.of("user", "cookie", "ip", "request");

    private StickyKey() {}

    public static String ofUser(String user) {
        return "user:" + user;
    }

    public static String ofIp(String address) {
        return "ip:" + address;
    }

    static String ofCookie(String id) {
        return "cookie:" + id;
    }

    static String ofRequest(String id) {
        return "request:" + id;
    }

    public static String ofHeader(String name, String value) {
        return headerSource(name) + ":" + value;
    }

    /** A header called like a source must not pass for it: anybody can send {@code User: 42}. */
    private static String headerSource(String name) {
        String lower = name.toLowerCase(Locale.ROOT);
        return SOURCES.contains(lower) ? "header-" + lower : lower;
    }

    /** A key as a person writes it, with the source in lower case, so that it equals the one of a request. */
    public static String canonical(String written) {
        int colon = written.indexOf(':');
        return colon < 0 ? written : written.substring(0, colon).toLowerCase(Locale.ROOT) + written.substring(colon);
    }
}
