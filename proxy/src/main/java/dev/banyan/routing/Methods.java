package dev.banyan.routing;

/** What the standard says of methods. Names are case-sensitive and upper case (RFC 9110, 9.1). */
public final class Methods {
    private Methods() {}

    /** Safe methods (RFC 9110, 9.2.1); one we do not know is not. */
    public static boolean isSafe(String method) {
        return switch (method) {
            case "GET", "HEAD", "OPTIONS", "TRACE" -> true;
            default -> false;
        };
    }

    /** Idempotent methods (RFC 9110, 9.2.2); one we do not know is not. */
    public static boolean isIdempotent(String method) {
        return isSafe(method) || method.equals("PUT") || method.equals("DELETE");
    }
}
