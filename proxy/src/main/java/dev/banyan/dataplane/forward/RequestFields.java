package dev.banyan.dataplane.forward;

import dev.banyan.dataplane.exchange.Exchange;
import dev.banyan.dataplane.message.Ascii;
import dev.banyan.dataplane.message.Field;
import dev.banyan.dataplane.message.FieldLine;
import dev.banyan.dataplane.message.Head;
import dev.banyan.dataplane.message.OutgoingHead;
import dev.banyan.dataplane.message.rules.WebSocketRules;
import dev.banyan.routing.decide.Decision;
import dev.banyan.routing.decide.OwnCookies;

/**
 * Which fields of a request an upstream sees. Host is kept: Rails builds URLs and checks origins by it. What tells an upstream about
 * the client is ours alone; what a client sent under those names is dropped.
 */
final class RequestFields {
    private static final FieldLine VIA = FieldLine.of("Via", "1.1 banyan");
    private static final byte[] COOKIE = Ascii.bytes("cookie");
    private static final byte[] OWN = Ascii.bytes(OwnCookies.BEGIN);
    private static final byte[] FORWARDED = Ascii.bytes("x-forwarded-");
    private static final byte[] ACCEL = Ascii.bytes("x-accel-");

    private RequestFields() {}

    /** @param fallbackAuthority the Host for a client of HTTP/1.0 that sent none */
    static OutgoingHead of(Exchange exchange, Decision decision, String fallbackAuthority) {
        Head head = exchange.head();
        OutgoingHead out = OutgoingHead.request(decision.sentMethod(), decision.sentPath(), head);
        dropFields(head, out, decision, exchange.body().expectsContinue());
        out.webSocket(decision.sentMethod().equals("GET") && WebSocketRules.asks(head));
        cookies(head, out);
        if (head.indexOf(Field.HOST, 0) < 0) {
            String authority = head.authority();
            out.add(FieldLine.of("Host", authority == null ? fallbackAuthority : authority));
        }
        if (decision.acceptFromSuffix() != null) {
            out.add(FieldLine.of("Accept", decision.acceptFromSuffix()));
        }
        exchange.origin().addTo(out);
        out.add(FieldLine.of("X-Request-Id", exchange.requestId()));
        out.add(VIA);
        out.framed(head.framing(), head.contentLength());
        return out;
    }

    private static void dropFields(Head head, OutgoingHead out, Decision decision, boolean expectsContinue) {
        boolean nominating = false;
        for (int i = 0; i < head.count(); i++) {
            Field field = head.field(i);
            nominating |= field == Field.CONNECTION;
            boolean drop = switch (field) {
                case OTHER -> head.underscored(i) || HopByHop.isBanyans(head, i) || isForAServerInFront(head, i);
                case CONTENT_LENGTH, X_REQUEST_ID, PROXY_AUTHORIZATION -> true;
                case ACCEPT -> decision.acceptFromSuffix() != null;
                case EXPECT -> !expectsContinue;
                case X_HTTP_METHOD_OVERRIDE -> decision.dropMethodOverride();
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
