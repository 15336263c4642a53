package dev.banyan.dataplane.upstream;

/** What a request demands of its connection. */
public enum Freshness {
    /** Any: if it fails at once, the request may be sent again. */
    ANY,
    /** New, or used so lately that its peer cannot be closing it for idleness. */
    JUST_USED,
    NEW
}
