package dev.banyan.dataplane.wire.http1;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.function.IntPredicate;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every byte at every place of a message where one matters: taken where the grammar has it, refused everywhere else. */
final class EveryByteTest {
    private static final String NEXT = "GET /next HTTP/1.1\r\nHost: next\r\n\r\n".repeat(3);
    private static final String GET = "GET / HTTP/1.1\r\nHost: a\r\n";
    private static final String CHUNKED = "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n";
    private static final String OK = "HTTP/1.1 200 OK\r\n";

    /**
     * A place.
     *
     * @param message where {@code @} stands for the byte
     * @param legal which bytes may stand there
     * @param undecided which bytes make another message of it, of which nothing is said here
     */
    private record Place(String name, String message, IntPredicate legal, IntPredicate undecided) {
        @Override
        public String toString() {
            return name;
        }
    }

    private static Place place(String name, String message, IntPredicate legal) {
        return new Place(name, message, legal, only(""));
    }

    private static boolean isToken(int b) {
        return (b >= '0' && b <= '9')
                || (b >= 'A' && b <= 'Z')
                || (b >= 'a' && b <= 'z')
                || "!#$%&'*+-.^_`|~".indexOf(b) >= 0;
    }

    private static boolean isValue(int b) {
        return b == '\t' || (b >= ' ' && b != 0x7F);
    }

    private static boolean isHex(int b) {
        return Character.digit(b, 16) >= 0 && b < 128;
    }

    private static IntPredicate only(String bytes) {
        return b -> bytes.indexOf(b) >= 0;
    }

    static Stream<Place> requests() {
        return Stream.of(
                place("method", "G@T / HTTP/1.1\r\nHost: a\r\n\r\n", EveryByteTest::isToken),
                place("before the method", "@ / HTTP/1.1\r\nHost: a\r\n\r\n", EveryByteTest::isToken),
                place("after the method", "GET@/ HTTP/1.1\r\nHost: a\r\n\r\n", only(" ")),
                place("target", "GET /a@b HTTP/1.1\r\nHost: a\r\n\r\n", b -> b > ' ' && b != 0x7F && b != '#'),
                place("target, host", "GET http://a@b/ HTTP/1.1\r\nHost: a\r\n\r\n", only("/?")),
                place("after the target", "GET /@HTTP/1.1\r\nHost: a\r\n\r\n", only(" ")),
                place("version, minor", "GET / HTTP/1.@\r\nHost: a\r\n\r\n", only("01")),
                place("version, major", "GET / HTTP/@.1\r\nHost: a\r\n\r\n", only("1")),
                place("version, dot", "GET / HTTP/1@1\r\nHost: a\r\n\r\n", only(".")),
                place("after the version", "GET / HTTP/1.1@\nHost: a\r\n\r\n", only("\r")),
                place("line end of the request line", "GET / HTTP/1.1\r@Host: a\r\n\r\n", only("\n")),
                place("begin of a name", GET + "@X: y\r\n\r\n", EveryByteTest::isToken),
                place("name", GET + "X@X: y\r\n\r\n", b -> isToken(b) || b == ':'),
                place("before the colon", GET + "X@: y\r\n\r\n", b -> isToken(b) || b == ':'),
                place("after the colon", GET + "X:@y\r\n\r\n", EveryByteTest::isValue),
                place("value", GET + "X: y@z\r\n\r\n", EveryByteTest::isValue),
                place("end of a value", GET + "X: y@\r\n\r\n", EveryByteTest::isValue),
                place("CR of a line", GET + "X: y@\n\r\n", only("\r")),
                place("LF of a line", GET + "X: y\r@\r\n", only("\n")),
                place("CR of the head", GET + "@\n", only("\r")),
                place("LF of the head", GET + "\r@", only("\n")),
                new Place("Content-Length, before", GET + "Content-Length: @\r\n\r\n", only("0"), only("123456789")),
                new Place("Content-Length, end", GET + "Content-Length: 0@\r\n\r\n", only("0 \t"), only("123456789")),
                place("chunked, before", CHUNKED.replace("chunked", "@chunked") + "0\r\n\r\n", only(" \t")),
                place("chunked, after", CHUNKED.replace("chunked", "chunked@") + "0\r\n\r\n", only(" \t")),
                new Place("before a size", CHUNKED + "@3\r\nabc\r\n0\r\n\r\n", only("0"), b -> isHex(b) && b != '0'),
                new Place("after a size", CHUNKED + "3@\r\nabc\r\n0\r\n\r\n", only(""), EveryByteTest::isHex),
                place("CR of a size", CHUNKED + "3@\nabc\r\n0\r\n\r\n", only("\r")),
                place("LF of a size", CHUNKED + "3\r@abc\r\n0\r\n\r\n", only("\n")),
                place(
                        "extension, name",
                        CHUNKED + "3;a@b\r\nabc\r\n0\r\n\r\n",
                        b -> isToken(b) || b == ';' || b == '='),
                place("extension, value", CHUNKED + "3;a=b@c\r\nabc\r\n0\r\n\r\n", b -> isToken(b) || b == ';'),
                place("extension, quoted", CHUNKED + "3;a=\"b@c\"\r\nabc\r\n0\r\n\r\n", b -> isValue(b) && b != '"'),
                place("extension, escaped", CHUNKED + "3;a=\"\\@\"\r\nabc\r\n0\r\n\r\n", EveryByteTest::isValue),
                place("CR after data", CHUNKED + "3\r\nabc@\n0\r\n\r\n", only("\r")),
                place("LF after data", CHUNKED + "3\r\nabc\r@0\r\n\r\n", only("\n")),
                place("trailer, name", CHUNKED + "0\r\nX@X: y\r\n\r\n", b -> isToken(b) || b == ':'),
                place("trailer, value", CHUNKED + "0\r\nX: y@z\r\n\r\n", EveryByteTest::isValue),
                place("LF of the trailers", CHUNKED + "0\r\n\r@", only("\n")));
    }

    static Stream<Place> answers() {
        return Stream.of(
                place("before the version", "@HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n", only("")),
                place("version, minor", "HTTP/1.@ 200 OK\r\nContent-Length: 0\r\n\r\n", only("01")),
                place("before the status", "HTTP/1.1@200 OK\r\nContent-Length: 0\r\n\r\n", only(" ")),
                place("status", "HTTP/1.1 2@0 OK\r\nContent-Length: 0\r\n\r\n", only("0123456789")),
                place("after the status", "HTTP/1.1 200@OK\r\nContent-Length: 0\r\n\r\n", only(" ")),
                place("reason", "HTTP/1.1 200 O@K\r\nContent-Length: 0\r\n\r\n", EveryByteTest::isValue),
                place("name", OK + "X@X: y\r\nContent-Length: 0\r\n\r\n", b -> isToken(b) || b == ':'),
                place("value", OK + "X: y@z\r\nContent-Length: 0\r\n\r\n", EveryByteTest::isValue),
                new Place("Content-Length", OK + "Content-Length: 0@\r\n\r\n", only("0 \t"), only("123456789")),
                place("chunked, after", OK + "Transfer-Encoding: chunked@\r\n\r\n0\r\n\r\n", only(" \t")));
    }

    @ParameterizedTest
    @MethodSource("requests")
    void of_a_request(Place place) {
        for (int b = 0; b < 256; b++) {
            isAsTheGrammarHasIt(place, b, Reading.request(withByte(place, b) + NEXT));
        }
    }

    @ParameterizedTest
    @MethodSource("answers")
    void of_an_answer(Place place) {
        for (int b = 0; b < 256; b++) {
            isAsTheGrammarHasIt(place, b, Reading.answer(withByte(place, b) + NEXT, false));
        }
    }

    private static String withByte(Place place, int b) {
        return place.message.replace("@", String.valueOf((char) b));
    }

    private static void isAsTheGrammarHasIt(Place place, int b, Reading read) {
        if (place.undecided.test(b)) {
            return;
        }
        if (place.legal.test(b)) {
            assertThat(read.error()).as("byte %02x: %s", b, place).isNull();
            assertThat(read.used())
                    .as("byte %02x: %s, where the next begins", b, place)
                    .isEqualTo(place.message.length());
        } else {
            assertThat(read.error()).as("byte %02x: %s", b, place).isNotNull();
        }
    }
}
