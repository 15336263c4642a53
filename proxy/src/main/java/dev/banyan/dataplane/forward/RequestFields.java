package dev.banyan.dataplane.forward;

import dev.banyan.dataplane.exchange.Exchange;
import dev.banyan.dataplane.exchange.Origin;
import dev.banyan.dataplane.message.Ascii;
import dev.banyan.dataplane.message.Field;
import dev.banyan.dataplane.message.FieldLine;
import dev.banyan.dataplane.message.Head;
import dev.banyan.dataplane.message.OutgoingHead;
import dev.banyan.dataplane.message.rules.WebSocketRules;
import dev.banyan.routing.decide.Decision;
import dev.banyan.routing.decide.OwnCookies;
import dev.banyan.routing.decide.Sent;

/**
 * Which fields of a request an upstream sees. Host is kept: Rails builds URLs and checks origins by it. What tells an upstream about
 * the client is ours alone; what a client sent under those names is dropped.
 */
public final class RequestFields {
    private static final FieldLine VIA = FieldLine.of("Via", "1.1 banyan");
    private static final byte[] COOKIE = Ascii.bytes("cookie");
    private static final byte[] OWN = Ascii.bytes(OwnCookies.BEGIN);
    private static final byte[] FORWARDED = Ascii.bytes("x-forwarded-");
    private static final byte[] ACCEL = Ascii.bytes("x-accel-");
    private static final byte[] CONDITIONAL = Ascii.bytes("if-");
    private static final byte[] ACCEPT_ENCODING = Ascii.bytes("accept-encoding");
    private static final FieldLine READABLE = FieldLine.of("Accept-Encoding", "gzip, br");
    private static final byte[] RANGE = Ascii.bytes("range");

    private RequestFields() {}

    /** @param fallbackAuthority the Host for a client of HTTP/1.0 that sent none */
    static OutgoingHead of(Exchange exchange, Decision decision, String fallbackAuthority) {
        Head head = exchange.head();
        Sent sent = decision.sent();
        OutgoingHead out = of(head, sent, exchange.body().expectsContinue(), fallbackAuthority);
        out.webSocket(sent.method().equals("GET") && WebSocketRules.asks(head));
        exchange.origin().addTo(out);
        out.add(FieldLine.of("X-Request-Id", exchange.requestId()));
        out.add(VIA);
        out.framed(head.framing(), head.contentLength());
        return out;
    }

    /**
     * The same request once more, of what is left of it when its exchange may be over: nothing waits for 100, nothing is conditional or
     * partial, and nothing is upgraded; who takes an answer that is compressed gets one that Banyan can read. Its body is the caller's to
     * frame.
     *
     * @param head a copy that nobody else uses
     * @param requestId of the request that this is a copy of
     * @param mark tells the upstream what it is
     */
    public static OutgoingHead again(
            Head head, Sent sent, Origin origin, String requestId, String fallbackAuthority, FieldLine mark) {
        OutgoingHead out = of(head, sent, false, fallbackAuthority);
        boolean compressed = false;
        for (int i = 0; i < head.count(); i++) {
            boolean coding = isNamed(head, i, ACCEPT_ENCODING);
            compressed |= coding;
            if (coding || isConditional(head, i)) {
                out.drop(i);
            }
        }
        if (compressed) {
            out.add(READABLE);
        }
        origin.addTo(out);
        out.add(FieldLine.of("X-Request-Id", requestId));
        out.add(VIA);
        out.add(mark);
        return out;
    }

    /** Whether its answer may be less than the whole: 304, or 206. */
    public static boolean isConditional(Head head) {
        for (int i = 0; i < head.count(); i++) {
            if (isConditional(head, i)) {
                return true;
            }
        }
        return false;
    }

    private static boolean isConditional(Head head, int i) {
        return head.nameStartsWith(i, CONDITIONAL) || isNamed(head, i, RANGE);
    }

    private static boolean isNamed(Head head, int i, byte[] lowerCaseName) {
        return Ascii.equalsIgnoreCase(head.bytes(), head.nameStart(i), head.nameEnd(i), lowerCaseName);
    }

    private static OutgoingHead of(Head head, Sent sent, boolean expectsContinue, String fallbackAuthority) {
        OutgoingHead out = OutgoingHead.request(sent.method(), sent.path(), head);
        dropFields(head, out, sent, expectsContinue);
        cookies(head, out);
        if (head.indexOf(Field.HOST, 0) < 0) {
            String authority = head.authority();
            out.add(FieldLine.of("Host", authority == null ? fallbackAuthority : authority));
        }
        if (sent.acceptFromSuffix() != null) {
            out.add(FieldLine.of("Accept", sent.acceptFromSuffix()));
        }
        return out;
    }

    private static void dropFields(Head head, OutgoingHead out, Sent sent, boolean expectsContinue) {
        boolean nominating = false;
        for (int i = 0; i < head.count(); i++) {
            Field field = head.field(i);
            nominating |= field == Field.CONNECTION;
            boolean drop = switch (field) {
                case OTHER -> head.underscored(i) || HopByHop.isBanyans(head, i) || isForAServerInFront(head, i);
                case CONTENT_LENGTH, X_REQUEST_ID, PROXY_AUTHORIZATION -> true;
                case ACCEPT -> sent.acceptFromSuffix() != null;
                case EXPECT -> !expectsContinue;
                case X_HTTP_METHOD_OVERRIDE -> sent.dropMethodOverride();
                default -> HopByHop.is(field) || saysWhoTheClientIs(field);
            };
            if (drop) {
                out.drop(i);
            }
        }
        if (nominating) {
            HopByHop.dropNominated(head, out);
        }
    }

    private static boolean isForAServerInFront(Head head, int i) {
        return head.nameStartsWith(i, FORWARDED) || head.nameStartsWith(i, ACCEL);
    }

    /** Rails believes these from anybody; Client-Ip beside X-Forwarded-For even makes it answer 500. */
    private static boolean saysWhoTheClientIs(Field field) {
        return switch (field) {
            case CLIENT_IP,
                    FORWARDED,
                    X_ACCEL_MAPPING,
                    X_FORWARDED_FOR,
                    X_FORWARDED_HOST,
                    X_FORWARDED_PORT,
                    X_FORWARDED_PREFIX,
                    X_FORWARDED_PROTO,
                    X_FORWARDED_SCHEME,
                    X_FORWARDED_SERVER,
                    X_FORWARDED_SSL,
                    X_REAL_IP,
                    X_SENDFILE,
                    X_SENDFILE_TYPE -> true;
            default -> false;
        };
    }

    /**
     * None of our own; and one field, joined as RFC 6265 has it: puma joins several with a comma, and Rails then loses the session. What
     * needs neither is copied as it came.
     */
    private static void cookies(Head head, OutgoingHead out) {
        int first = head.indexOf(Field.COOKIE, 0);
        if (first < 0 || !out.keeps(first)) {
            return;
        }
        if (head.indexOf(Field.COOKIE, first + 1) < 0 && !head.valueContains(first, OWN)) {
            return;
        }
        for (int i = first; i >= 0; i = head.indexOf(Field.COOKIE, i + 1)) {
            out.drop(i);
        }
        String joined = head.joined(COOKIE, "; ");
        String others = joined == null ? "" : OwnCookies.without(joined);
        if (!others.isEmpty()) {
            out.add(FieldLine.of("Cookie", others));
        }
    }
}
