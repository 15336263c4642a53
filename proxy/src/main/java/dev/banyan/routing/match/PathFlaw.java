package dev.banyan.routing.match;

/** Why a path has no spelling that every server reads alike. */
public enum PathFlaw {
    NO_SLASH_FIRST("a path starts with a slash; send one"),
    CONTROL_OR_SPACE("the path holds a control byte or a space; escape it"),
    RAW_BACKSLASH("the path holds a backslash; write a slash where one is meant"),
    RAW_DELIMITER("the path holds a raw # or ?; escape it"),
    NO_BYTE("the path holds a character that is no byte; send UTF-8 in escapes"),
    NO_ESCAPE("the path holds a % that starts no escape; write it as %25"),
    NUL("the path holds %00; no path may"),
    BACKSLASH("the path holds %5C, a backslash to some servers and a slash to others; leave it out"),
    SLASH("the path holds %2F, a slash to some servers and data to others; write / where a slash is meant"),
    ABOVE_ROOT("the path leads above its root; leave out the dot segments"),
    HIDDEN_DOTS("the path hides a dot segment behind ; or %2F; leave it out"),
    PARAMETERS("the path leads to another place without its ;parameters; leave them out"),
    NO_UTF8("the escapes in the path are no UTF-8; escape UTF-8");

    private final String detail;

    PathFlaw(String detail) {
        this.detail = detail;
    }

    /** A sentence for the client: what, and what to do instead. */
    public String detail() {
        return detail;
    }
}
