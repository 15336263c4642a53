package dev.banyan.dataplane.wire.http1;

import java.nio.charset.StandardCharsets;

/** Any bytes as a chunked body, of a request and of an answer. */
public final class ChunkedBodyFuzz {
    private static final String REQUEST = "POST /c HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n";
    private static final String ANSWER = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n";

    private ChunkedBodyFuzz() {}

    public static void fuzzerTestOneInput(byte[] input) {
        String body = new String(input, StandardCharsets.ISO_8859_1);
        boolean ofRequest = Forwarded.checkRequest(REQUEST + body);
        boolean ofAnswer = Forwarded.checkAnswer(ANSWER + body, false);
        if (ofRequest != ofAnswer) {
            throw new AssertionError("accepted of a request: " + ofRequest + ", of an answer: " + ofAnswer);
        }
    }
}
