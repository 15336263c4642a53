package dev.banyan.dataplane.observe;

import dev.banyan.contract.ExchangeRecord;
import dev.banyan.dataplane.exchange.Exchange;
import dev.banyan.dataplane.message.Ascii;
import dev.banyan.dataplane.message.Head;
import dev.banyan.routing.decide.Decision;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** Formats one access-log line at a time into an array that is used again. */
final class AccessLine {
    private static final int LONGEST_PATH_BYTES = 4096;
    private static final int ESCAPED_BYTES = 6;
    private static final byte[] HEX = Ascii.bytes("0123456789abcdef");
    private static final byte[] TIME = Ascii.bytes("{\"time\":\"");
    private static final byte[] ID = Ascii.bytes("\",\"id\":\"");
    private static final byte[] CLIENT = Ascii.bytes("\",\"client\":\"");
    private static final byte[] METHOD = Ascii.bytes("\",\"method\":\"");
    private static final byte[] PATH = Ascii.bytes("\",\"path\":\"");
    private static final byte[] STATUS = Ascii.bytes("\",\"status\":");
    private static final byte[] GRPC_STATUS = Ascii.bytes(",\"grpc_status\":");
    private static final byte[] BYTES_IN = Ascii.bytes(",\"bytes_in\":");
    private static final byte[] BYTES_OUT = Ascii.bytes(",\"bytes_out\":");
    private static final byte[] MICROS = Ascii.bytes(",\"us\":");
    private static final byte[] REVISION = Ascii.bytes(",\"revision\":");
    private static final byte[] ROUTE = Ascii.bytes(",\"route\":\"");
    private static final byte[] SIDE = Ascii.bytes("\",\"side\":\"");
    private static final byte[] UPSTREAM = Ascii.bytes("\",\"upstream\":\"");
    private static final byte[] REASON = Ascii.bytes("\",\"reason\":\"");
    private static final byte[] QUOTE = Ascii.bytes("\"");
    private static final byte[] MODERN_FAILED = Ascii.bytes(",\"modern_failed\":\"");
    private static final byte[] END = Ascii.bytes(",\"end\":\"");
    private static final byte[] CLOSE = Ascii.bytes("}\n");

    private final InstantSource clock;
    private byte[] bytes = new byte[1024];
    private int length;
    private long second = Long.MIN_VALUE;
    private byte[] secondText = {};

    AccessLine(InstantSource clock) {
        this.clock = clock;
    }

    byte[] bytes() {
        return bytes;
    }

    int length() {
        return length;
    }

    void format(Exchange exchange, ExchangeRecord record) {
        Head head = exchange.head();
        length = 0;
        add(TIME);
        time();
        add(ID).text(record.requestId());
        add(CLIENT).text(exchange.origin().client());
        add(METHOD).text(head.method());
        add(PATH).path(head);
        add(STATUS).number(record.status());
        if (record.grpcStatus() >= 0) {
            add(GRPC_STATUS).number(record.grpcStatus());
        }
        add(BYTES_IN).number(record.requestBytes());
        add(BYTES_OUT).number(record.answerBytes());
        add(MICROS).number(record.phases().ended() / 1000);
        add(REVISION).number(record.revision());
        decision(exchange.course().decision());
        String modernFailed = exchange.course().fallbackReason();
        if (!modernFailed.isEmpty()) {
            add(MODERN_FAILED).text(modernFailed);
            add(QUOTE);
        }
        if (!record.end().isEmpty()) {
            add(END).text(record.end());
            add(QUOTE);
        }
        add(CLOSE);
    }

    private void decision(@Nullable Decision decision) {
        if (decision == null) {
            return;
        }
        add(ROUTE).text(decision.routeId());
        add(SIDE).text(decision.side().word());
        add(UPSTREAM).text(decision.upstream());
        add(REASON).text(decision.reason().word());
        add(QUOTE);
    }

    private void time() {
        long millis = clock.millis();
        long now = Math.floorDiv(millis, 1000L);
        if (now != second) {
            second = now;
            String text = Instant.ofEpochSecond(now).toString();
            secondText = Ascii.bytes(text.substring(0, text.length() - 1));
        }
        add(secondText);
        int fraction = (int) Math.floorMod(millis, 1000L);
        room(5);
        bytes[length++] = '.';
        bytes[length++] = (byte) ('0' + fraction / 100);
        bytes[length++] = (byte) ('0' + fraction / 10 % 10);
        bytes[length++] = (byte) ('0' + fraction % 10);
        bytes[length++] = 'Z';
    }

    private AccessLine add(byte[] constant) {
        room(constant.length);
        System.arraycopy(constant, 0, bytes, length, constant.length);
        length += constant.length;
        return this;
    }

    private void path(Head head) {
        int end = Math.min(head.pathEnd(), head.pathStart() + LONGEST_PATH_BYTES);
        byte[] from = head.bytes();
        room((end - head.pathStart()) * ESCAPED_BYTES);
        for (int i = head.pathStart(); i < end; i++) {
            escaped(from[i]);
        }
    }

    private void text(String text) {
        room(text.length() * ESCAPED_BYTES);
        for (int i = 0; i < text.length(); i++) {
            escaped((byte) text.charAt(i));
        }
    }

    /** There is room. */
    private void escaped(byte b) {
        if (b == '"' || b == '\\') {
            bytes[length++] = '\\';
            bytes[length++] = b;
        } else if (b < ' ') {
            // Control bytes, and all that is not ASCII: by their number, so that the line is JSON whatever was sent.
            bytes[length++] = '\\';
            bytes[length++] = 'u';
            bytes[length++] = '0';
            bytes[length++] = '0';
            bytes[length++] = HEX[b >> 4 & 0xf];
            bytes[length++] = HEX[b & 0xf];
        } else {
            bytes[length++] = b;
        }
    }

    private void number(long number) {
        room(20);
        if (number < 0) {
            bytes[length++] = '0';
            return;
        }
        int from = length;
        long rest = number;
        do {
            bytes[length++] = (byte) ('0' + rest % 10);
            rest /= 10;
        } while (rest > 0);
        for (int i = from, j = length - 1; i < j; i++, j--) {
            byte swap = bytes[i];
            bytes[i] = bytes[j];
            bytes[j] = swap;
        }
    }

    private void room(int more) {
        if (length + more > bytes.length) {
            bytes = Arrays.copyOf(bytes, bytes.length * 2 + more);
        }
    }
}
