package dev.banyan.routing.match;

/** The methods that Rails knows. It answers any other with 405, also where a route takes all ({@code via: :all}). */
public final class RailsMethods {
    private RailsMethods() {}

    /** By the list in ActionDispatch::Request (6.1). A method that Rack may override to need not be in it: LINK is not. */
    public static boolean isKnown(String method) {
        return switch (method) {
            case "GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "CONNECT" -> true;
            case "PROPFIND", "PROPPATCH", "MKCOL", "COPY", "MOVE", "LOCK", "UNLOCK" -> true;
            case "VERSION-CONTROL", "REPORT", "CHECKOUT", "CHECKIN", "UNCHECKOUT", "MKWORKSPACE", "UPDATE" -> true;
            case "LABEL", "MERGE", "BASELINE-CONTROL", "MKACTIVITY" -> true;
            case "ORDERPATCH", "ACL", "SEARCH", "MKCALENDAR" -> true;
            default -> false;
        };
    }
}
