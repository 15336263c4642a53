package dev.banyan.dataplane.message;

import io.netty.buffer.ByteBuf;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The head of a request or an answer: one array of bytes with offsets, not a map of strings. Matching reads it, forwarding copies
 * what it keeps of it in runs. One per connection, used again for every message; valid until the exchange ends.
 */
public final class Head {
    private static final int INITIAL_BYTES = 1024;
    private static final int MAX_KEPT_BYTES = 16 * 1024;
    private static final int INITIAL_FIELDS = 32;
    private static final int MAX_KEPT_FIELDS = 256;
    private static final int OFFSETS_PER_FIELD = 4;

    private byte[] bytes = new byte[INITIAL_BYTES];
    private int length;

    private int methodEnd;
    private int targetStart;
    private int pathStart;
    private int pathEnd;
    private int targetEnd;
    private boolean highBytesInTarget;
    private int authorityStart = -1;
    private int authorityEnd;

    private int status;
    private int reasonStart;
    private int reasonEnd;

    private boolean http10;
    private Framing framing = Framing.NONE;
    private long contentLength = -1;
    private boolean persistent;

    private int count;
    private int[] offsets = new int[INITIAL_FIELDS * OFFSETS_PER_FIELD];
    private Field[] fields = new Field[INITIAL_FIELDS];
    private boolean[] underscored = new boolean[INITIAL_FIELDS];

    /** Forgets the message; keeps the arrays, unless an uncommonly large head made them so. */
    public void clear() {
        if (bytes.length > MAX_KEPT_BYTES) {
            bytes = new byte[INITIAL_BYTES];
        }
        if (fields.length > MAX_KEPT_FIELDS) {
            fields = new Field[INITIAL_FIELDS];
            underscored = new boolean[INITIAL_FIELDS];
            offsets = new int[INITIAL_FIELDS * OFFSETS_PER_FIELD];
        }
        length = 0;
        count = 0;
        status = 0;
        methodEnd = 0;
        targetStart = 0;
        pathStart = 0;
        pathEnd = 0;
        targetEnd = 0;
        highBytesInTarget = false;
        authorityStart = -1;
        authorityEnd = 0;
        http10 = false;
        framing = Framing.NONE;
        contentLength = -1;
        persistent = false;
    }

    /** The same, of arrays of its own: for who needs it when its exchange may be over. */
    public Head copy() {
        Head copy = new Head();
        copy.bytes = Arrays.copyOf(bytes, length);
        copy.length = length;
        copy.methodEnd = methodEnd;
        copy.targetStart = targetStart;
        copy.pathStart = pathStart;
        copy.pathEnd = pathEnd;
        copy.targetEnd = targetEnd;
        copy.highBytesInTarget = highBytesInTarget;
        copy.authorityStart = authorityStart;
        copy.authorityEnd = authorityEnd;
        copy.status = status;
        copy.reasonStart = reasonStart;
        copy.reasonEnd = reasonEnd;
        copy.http10 = http10;
        copy.framing = framing;
        copy.contentLength = contentLength;
        copy.persistent = persistent;
        copy.count = count;
        copy.offsets = Arrays.copyOf(offsets, Math.max(OFFSETS_PER_FIELD, count * OFFSETS_PER_FIELD));
        copy.fields = Arrays.copyOf(fields, Math.max(1, count));
        copy.underscored = Arrays.copyOf(underscored, Math.max(1, count));
        return copy;
    }

    // What readers fill in.

    /** Appends the next {@code n} bytes of the connection. */
    public void append(ByteBuf in, int n) {
        if (length + n > bytes.length) {
            bytes = Arrays.copyOf(bytes, Math.max(bytes.length * 2, length + n));
        }
        in.readBytes(bytes, length, n);
        length += n;
    }

    /** Appends what came in another form than it has here; in the form of HTTP/1, whose writer copies runs of it. */
    public void append(byte[] more, int from, int n) {
        if (length + n > bytes.length) {
            bytes = Arrays.copyOf(bytes, Math.max(bytes.length * 2, length + n));
        }
        System.arraycopy(more, from, bytes, length, n);
        length += n;
    }

    /** Cuts off what was appended past the head's end. */
    public void truncate(int end) {
        length = end;
    }

    public void requestLine(int methodEnd, int targetStart, int targetEnd, boolean http10) {
        this.methodEnd = methodEnd;
        this.targetStart = targetStart;
        this.targetEnd = targetEnd;
        this.http10 = http10;
    }

    /** Whether the target has bytes over 0x7F. */
    public void highBytesInTarget(boolean has) {
        highBytesInTarget = has;
    }

    /** Puts the percent-encoding of each byte over 0x7F that the target has from there on in its place. */
    public void escapeTarget(int from) {
        if (!highBytesInTarget) {
            return;
        }
        byte[] escaped = HighBytes.escaped(bytes, length, from, targetEnd);
        int growth = escaped.length - length;
        bytes = escaped;
        length += growth;
        targetEnd += growth;
        for (int i = 0; i < count * OFFSETS_PER_FIELD; i++) {
            offsets[i] += growth;
        }
        highBytesInTarget = false;
    }

    /** Where the target's path stands, and its authority if it has one ({@code authorityStart} -1: none). */
    public void target(int pathStart, int pathEnd, int authorityStart, int authorityEnd) {
        this.pathStart = pathStart;
        this.pathEnd = pathEnd;
        this.authorityStart = authorityStart;
        this.authorityEnd = authorityEnd;
    }

    public void statusLine(int status, int reasonStart, int reasonEnd, boolean http10) {
        this.status = status;
        this.reasonStart = reasonStart;
        this.reasonEnd = reasonEnd;
        this.http10 = http10;
    }

    public void addField(int nameStart, int nameEnd, int valueStart, int valueEnd, boolean hasUnderscore) {
        if (count == fields.length) {
            fields = Arrays.copyOf(fields, count * 2);
            underscored = Arrays.copyOf(underscored, count * 2);
            offsets = Arrays.copyOf(offsets, count * 2 * OFFSETS_PER_FIELD);
        }
        int at = count * OFFSETS_PER_FIELD;
        offsets[at] = nameStart;
        offsets[at + 1] = nameEnd;
        offsets[at + 2] = valueStart;
        offsets[at + 3] = valueEnd;
        fields[count] = Field.of(bytes, nameStart, nameEnd);
        underscored[count] = hasUnderscore;
        count++;
    }

    public void framed(Framing framing, long contentLength) {
        this.framing = framing;
        this.contentLength = contentLength;
    }

    /** Adds a field that did not come from a peer, or was checked when it came. */
    public void add(String name, String value) {
        int start = length;
        byte[] line = Ascii.bytes(name + ": " + value + "\r\n");
        append(line, 0, line.length);
        int valueStart = start + name.length() + 2;
        addField(start, start + name.length(), valueStart, valueStart + value.length(), false);
    }

    /** The head of a request of our own, without a query or a body. */
    public static Head request(String method, String path, List<FieldLine> fields) {
        Head head = new Head();
        byte[] line = Ascii.bytes(method + " " + path + " HTTP/1.1\r\n");
        head.append(line, 0, line.length);
        int start = method.length() + 1;
        head.requestLine(method.length(), start, start + path.length(), false);
        head.target(start, start + path.length(), -1, 0);
        fields.forEach(field -> head.add(field.name(), field.value()));
        // The empty line, as every head has one that a peer has sent.
        head.append(new byte[] {'\r', '\n'}, 0, 2);
        return head;
    }

    /** Whether the sender keeps the connection open after this message. */
    public void persistent(boolean persistent) {
        this.persistent = persistent;
    }

    // What everybody else reads.

    /** The bytes; only the first {@link #length()} count. Not to be changed. */
    public byte[] bytes() {
        return bytes;
    }

    public int length() {
        return length;
    }

    public String method() {
        return switch (methodEnd) {
            case 3 -> is("GET") ? "GET" : is("PUT") ? "PUT" : text(0, 3);
            case 4 -> is("POST") ? "POST" : is("HEAD") ? "HEAD" : text(0, 4);
            default -> text(0, methodEnd);
        };
    }

    private boolean is(String method) {
        for (int i = 0; i < method.length(); i++) {
            if (bytes[i] != method.charAt(i)) {
                return false;
            }
        }
        return true;
    }

    public int targetStart() {
        return targetStart;
    }

    public int targetEnd() {
        return targetEnd;
    }

    /** The path of the target as it came, but for bytes over 0x7F, without query; what an absolute form without one stands for. */
    public String path() {
        if (pathStart == pathEnd && authorityStart >= 0) {
            // RFC 9112, 3.2.1 and 3.2.4.
            return pathEnd == targetEnd && method().equals("OPTIONS") ? "*" : "/";
        }
        return text(pathStart, pathEnd);
    }

    public int pathStart() {
        return pathStart;
    }

    public int pathEnd() {
        return pathEnd;
    }

    /** The query without its question mark; null if the target has none. */
    public @Nullable String query() {
        return pathEnd < targetEnd && bytes[pathEnd] == '?' ? text(pathEnd + 1, targetEnd) : null;
    }

    /** The authority of a target in absolute form; null in the others. */
    public @Nullable String authority() {
        return authorityStart < 0 ? null : text(authorityStart, authorityEnd);
    }

    public int status() {
        return status;
    }

    public int reasonStart() {
        return reasonStart;
    }

    public int reasonEnd() {
        return reasonEnd;
    }

    public boolean http10() {
        return http10;
    }

    public Framing framing() {
        return framing;
    }

    /** Bytes of the body with {@link Framing#LENGTH}; what the field says where there is no body to come; else -1. */
    public long contentLength() {
        return contentLength;
    }

    public boolean persistent() {
        return persistent;
    }

    public int count() {
        return count;
    }

    public Field field(int i) {
        return fields[i];
    }

    /** Whether the name has an underscore, which CGI-like servers take for a hyphen. */
    public boolean underscored(int i) {
        return underscored[i];
    }

    public int nameStart(int i) {
        return offsets[i * OFFSETS_PER_FIELD];
    }

    public int nameEnd(int i) {
        return offsets[i * OFFSETS_PER_FIELD + 1];
    }

    public int valueStart(int i) {
        return offsets[i * OFFSETS_PER_FIELD + 2];
    }

    public int valueEnd(int i) {
        return offsets[i * OFFSETS_PER_FIELD + 3];
    }

    /** Whether the name begins so, whatever its case. */
    public boolean nameStartsWith(int i, byte[] lowerCasePrefix) {
        int start = nameStart(i);
        return nameEnd(i) - start >= lowerCasePrefix.length
                && Ascii.equalsIgnoreCase(bytes, start, start + lowerCasePrefix.length, lowerCasePrefix);
    }

    public boolean valueIs(int i, byte[] lowerCase) {
        return Ascii.equalsIgnoreCase(bytes, valueStart(i), valueEnd(i), lowerCase);
    }

    /** Whether the value has these bytes somewhere. */
    public boolean valueContains(int i, byte[] sought) {
        for (int at = valueStart(i); at <= valueEnd(i) - sought.length; at++) {
            if (Arrays.equals(bytes, at, at + sought.length, sought, 0, sought.length)) {
                return true;
            }
        }
        return false;
    }

    public String name(int i) {
        return text(nameStart(i), nameEnd(i));
    }

    /** Bytes above 0x7f come as ISO 8859-1, so that they go out as they came. */
    public String value(int i) {
        return text(valueStart(i), valueEnd(i));
    }

    /** Index of the first such field from {@code from} on; -1 if there is none. */
    public int indexOf(Field field, int from) {
        for (int i = from; i < count; i++) {
            if (fields[i] == field) {
                return i;
            }
        }
        return -1;
    }

    public @Nullable String first(Field field) {
        int i = indexOf(field, 0);
        return i < 0 ? null : value(i);
    }

    /** All values of that name joined, as Rack joins them; null if there is none. Names with underscores never count. */
    public @Nullable String joined(byte[] lowerCaseName, String separator) {
        String found = null;
        for (int i = 0; i < count; i++) {
            if (!underscored[i] && Ascii.equalsIgnoreCase(bytes, nameStart(i), nameEnd(i), lowerCaseName)) {
                found = found == null ? value(i) : found + separator + value(i);
            }
        }
        return found;
    }

    private String text(int start, int end) {
        return new String(bytes, start, end - start, StandardCharsets.ISO_8859_1);
    }
}
