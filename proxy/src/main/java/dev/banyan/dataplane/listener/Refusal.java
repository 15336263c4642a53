package dev.banyan.dataplane.listener;

/** Why a connection was closed before its first request. */
public enum Refusal {
    /** Not a trusted proxy, where only such may connect. */
    UNTRUSTED("untrusted"),
    PROXY_HEADER("proxy-header"),
    PROXY_TIMEOUT("proxy-timeout");

    private final String word;

    Refusal(String word) {
        this.word = word;
    }

    /** As metrics have it. */
    public String word() {
        return word;
    }
}
