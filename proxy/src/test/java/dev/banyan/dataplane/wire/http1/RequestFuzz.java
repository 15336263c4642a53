package dev.banyan.dataplane.wire.http1;

import java.nio.charset.StandardCharsets;

/** Any bytes as a connection's first request. */
public final class RequestFuzz {
    private RequestFuzz() {}

    public static void fuzzerTestOneInput(byte[] input) {
        Forwarded.checkRequest(new String(input, StandardCharsets.ISO_8859_1));
    }
}
