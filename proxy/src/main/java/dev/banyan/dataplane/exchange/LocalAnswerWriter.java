package dev.banyan.dataplane.exchange;

import dev.banyan.dataplane.message.Field;
import dev.banyan.dataplane.message.FieldLine;
import dev.banyan.dataplane.message.Framing;
import dev.banyan.dataplane.message.OutgoingHead;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.ByteBufUtil;
import io.netty.handler.codec.http.HttpResponseStatus;
import java.time.Duration;
import java.util.Locale;

/** Puts a local answer on the wire: a status of gRPC for who speaks it, problem JSON (RFC 9457) where JSON is accepted, else a line of text. */
final class LocalAnswerWriter {
    private static final FieldLine NO_STORE = FieldLine.of("Cache-Control", "no-store");
    private static final FieldLine JSON = FieldLine.of("Content-Type", "application/problem+json");
    private static final FieldLine TEXT = FieldLine.of("Content-Type", "text/plain; charset=utf-8");

    private static final FieldLine GRPC = FieldLine.of("Content-Type", "application/grpc");
    private static final int OK = 200;

    private LocalAnswerWriter() {}

    static void write(Exchange exchange, LocalAnswer answer, FieldLine... more) {
        if (exchange.isCall()) {
            writeStatus(exchange, answer, more);
        } else {
            writeText(exchange, answer, more);
        }
    }

    /** "Trailers-Only": a head that says all. */
    private static void writeStatus(Exchange exchange, LocalAnswer answer, FieldLine... more) {
        GrpcStatus status = GrpcStatus.of(answer.status());
        exchange.callEnds(status);
        OutgoingHead head = OutgoingHead.answer(OK);
        head.add(GRPC);
        head.add(FieldLine.of(GrpcStatus.STATUS, Integer.toString(status.number())));
        head.add(FieldLine.of(GrpcStatus.MESSAGE, GrpcStatus.percentEncoded(answer.detail())));
        addCommon(head, exchange, answer, more);
        head.framed(Framing.NONE, 0);
        exchange.answer(head, answer.status());
        exchange.answerEnd(null);
    }

    private static void writeText(Exchange exchange, LocalAnswer answer, FieldLine... more) {
        boolean json = acceptsJson(exchange);
        ByteBuf content = ByteBufUtil.writeUtf8(
                ByteBufAllocator.DEFAULT, json ? problem(exchange, answer) : text(exchange, answer));
        OutgoingHead head = OutgoingHead.answer(answer.status());
        head.add(json ? JSON : TEXT);
        addCommon(head, exchange, answer, more);
        head.framed(Framing.LENGTH, content.readableBytes());
        exchange.answer(head);
        if (exchange.head().method().equals("HEAD")) {
            content.release();
        } else {
            exchange.answerData(content);
        }
        exchange.answerEnd(null);
    }

    private static void addCommon(OutgoingHead head, Exchange exchange, LocalAnswer answer, FieldLine... more) {
        head.add(NO_STORE);
        head.add(exchange.loop().date());
        head.add(FieldLine.of("X-Request-Id", exchange.requestId()));
        answer.retryAfter().ifPresent(after -> head.add(FieldLine.of("Retry-After", wholeSeconds(after))));
        for (FieldLine line : more) {
            head.add(line);
        }
    }

    /** Rounded up: who comes a moment too early is turned away again. */
    private static String wholeSeconds(Duration after) {
        return Long.toString(Math.max(1, after.plusSeconds(1).minusNanos(1).toSeconds()));
    }

    private static boolean acceptsJson(Exchange exchange) {
        String accept = exchange.head().first(Field.ACCEPT);
        return accept != null && accept.toLowerCase(Locale.ROOT).contains("json");
    }

    private static String problem(Exchange exchange, LocalAnswer answer) {
        return "{\"type\":\"/problems/%s\",\"title\":\"%s\",\"status\":%d,\"detail\":\"%s\",\"reason\":\"%s\",\"exchange\":\"%s\"}\n"
                .formatted(
                        answer.reason(),
                        HttpResponseStatus.valueOf(answer.status()).reasonPhrase(),
                        answer.status(),
                        escaped(answer.detail()),
                        answer.reason(),
                        exchange.requestId());
    }

    private static String text(Exchange exchange, LocalAnswer answer) {
        return "%d %s: %s\nreason: %s, exchange: %s\n"
                .formatted(
                        answer.status(),
                        HttpResponseStatus.valueOf(answer.status()).reasonPhrase(),
                        answer.detail(),
                        answer.reason(),
                        exchange.requestId());
    }

    /** Details are our own sentences, but may quote what a client sent. */
    private static String escaped(String text) {
        StringBuilder escaped = new StringBuilder(text.length());
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '"' || c == '\\') {
                escaped.append('\\').append(c);
            } else if (c < ' ') {
                escaped.append("\\u%04x".formatted((int) c));
            } else {
                escaped.append(c);
            }
        }
        return escaped.toString();
    }
}
