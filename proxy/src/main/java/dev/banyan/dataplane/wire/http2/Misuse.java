package dev.banyan.dataplane.wire.http2;

/**
 * What a peer can make us do for next to nothing, and how much of it a connection may: so many at once, so many a second after that.
 * The numbers leave room for the busiest honest clients: a browser that leaves a page cancels all its requests, gRPC pings at each
 * round trip, old browsers send a tree of priorities.
 */
public enum Misuse {
    /** Requests cancelled before they were answered (CVE-2023-44487). */
    RAPID_RESET("rapid-reset", 200, 7),
    /** Mistakes that make us reset a stream whose request is on its way already (CVE-2025-8671). */
    MADE_YOU_RESET("made-you-reset", 50, 2),
    /** A head that does not end (CVE-2024-27316). */
    CONTINUATION_FLOOD("continuation-flood", 0, 0),
    /** Heads that are small on the wire and too large to be taken. */
    HEADER_BOMB("header-bomb", 10, 1),
    /** Streams beyond the limit that was announced and acknowledged. */
    TOO_MANY_STREAMS("too-many-streams", 100, 5),
    SETTINGS_FLOOD("settings-flood", 30, 1),
    PING_FLOOD("ping-flood", 300, 50),
    EMPTY_DATA_FLOOD("empty-data-flood", 100, 10),
    PRIORITY_FLOOD("priority-flood", 1000, 100),
    WINDOW_UPDATE_FLOOD("window-update-flood", 1000, 100),
    /** Frames of kinds that are ignored, and frames for streams that are closed. */
    USELESS_FRAME_FLOOD("useless-frame-flood", 1000, 100),
    /** A preface or a head that does not come in time. */
    SLOW_START("slow-start", 0, 0),
    /** An answer that is not taken: its window stays shut. */
    STALLED_STREAM("stalled-stream", Integer.MAX_VALUE, 0);

    private final String word;
    private final int atOnce;
    private final int perSecond;

    Misuse(String word, int atOnce, int perSecond) {
        this.word = word;
        this.atOnce = atOnce;
        this.perSecond = perSecond;
    }

    /** A stable word for metrics. */
    public String word() {
        return word;
    }

    int atOnce() {
        return atOnce;
    }

    int perSecond() {
        return perSecond;
    }
}
