package dev.banyan.dataplane.wire.http1;

import java.util.List;
import java.util.SplittableRandom;

/** Makes new messages of known ones, a few small changes each. The same seed makes the same messages. */
final class Mutations {
    /** What parsers disagree on. */
    private static final String[] PIECES = {
        "\r\n",
        "\r",
        "\n",
        "\r\n\r\n",
        " ",
        "\t",
        ":",
        ";",
        ",",
        "=",
        "\"",
        "\\",
        "/",
        "?",
        "#",
        "%",
        "*",
        "@",
        "[",
        "]",
        "+",
        "-",
        "_",
        "0",
        "1",
        "5",
        "a",
        "f",
        "x",
        "\u0000",
        "\u0001",
        "\u000b",
        "\f",
        "\u007f",
        "\u0080",
        "\u00a0",
        "\u00ff",
        "0x",
        "chunked",
        "Transfer-Encoding: chunked\r\n",
        "Transfer-Encoding: identity\r\n",
        "Transfer-Encoding:",
        "Content-Length: 3\r\n",
        "Content-Length: 0\r\n",
        "Content-Length:",
        "Host: b\r\n",
        "Host:",
        "Connection: close\r\n",
        "X: y\r\n",
        " z\r\n",
        ";x=y",
        ";x=\"y\"",
        "HTTP/1.1",
        "HTTP/1.0",
        "HTTP/1.1 200 OK\r\n",
        "GET / HTTP/1.1\r\n",
        "0\r\n\r\n",
        "3\r\nabc\r\n",
        "http://",
        "ffffffffffffffff"
    };

    private final SplittableRandom random;
    private final List<String> corpus;

    Mutations(long seed, List<String> corpus) {
        this.random = new SplittableRandom(seed);
        this.corpus = corpus;
    }

    /** @param from bytes before it stay as they are */
    String next(int from) {
        StringBuilder message = new StringBuilder(corpus.get(random.nextInt(corpus.size())));
        int changes = random.nextInt(4);
        for (int i = 0; i < changes; i++) {
            change(message, Math.min(from, message.length()));
        }
        return message.toString();
    }

    private void change(StringBuilder message, int from) {
        int at = from + random.nextInt(message.length() - from + 1);
        int end = Math.min(message.length(), at + 1 + random.nextInt(8));
        switch (random.nextInt(6)) {
            case 0 -> message.insert(at, piece());
            case 1 -> message.delete(at, end);
            case 2 -> message.replace(at, Math.min(message.length(), at + 1), piece());
            case 3 -> message.insert(at, message.substring(at, end));
            case 4 -> message.insert(at, (char) random.nextInt(256));
            default -> lines(message, from);
        }
    }

    /** Doubles a line, or takes it away. */
    private void lines(StringBuilder message, int from) {
        int start = message.indexOf("\r\n", from + random.nextInt(message.length() - from + 1));
        int end = start < 0 ? -1 : message.indexOf("\r\n", start + 2);
        if (end < 0) {
            return;
        }
        if (random.nextBoolean()) {
            message.insert(end, message.substring(start, end));
        } else {
            message.delete(start, end);
        }
    }

    private String piece() {
        return PIECES[random.nextInt(PIECES.length)];
    }
}
