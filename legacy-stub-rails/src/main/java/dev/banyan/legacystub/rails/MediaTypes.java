package dev.banyan.legacystub.rails;

import java.util.Locale;

/** Media types as they stand in Content-Type and Accept. */
final class MediaTypes {

    private MediaTypes() {}

    /** {@code Application/JSON; charset=x} is {@code application/json}. */
    static String bare(String type) {
        int end = 0;
        while (end < type.length() && type.charAt(end) != ';' && type.charAt(end) != ',') {
            end++;
        }
        return type.substring(0, end).strip().toLowerCase(Locale.ROOT);
    }

    static boolean isJson(String bare) {
        return bare.equals("application/json") || bare.equals("text/x-json") || bare.equals("application/jsonrequest");
    }
}
