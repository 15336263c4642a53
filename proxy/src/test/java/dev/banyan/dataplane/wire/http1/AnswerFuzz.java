package dev.banyan.dataplane.wire.http1;

import java.nio.charset.StandardCharsets;

/** Any bytes as an upstream's answer, to HEAD and to others. */
public final class AnswerFuzz {
    private AnswerFuzz() {}

    public static void fuzzerTestOneInput(byte[] input) {
        String bytes = new String(input, StandardCharsets.ISO_8859_1);
        Forwarded.checkAnswer(bytes, false);
        Forwarded.checkAnswer(bytes, true);
    }
}
