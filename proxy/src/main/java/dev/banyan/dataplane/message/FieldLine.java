package dev.banyan.dataplane.message;

/** One header field that Banyan adds, ready to be written; made once where it is the same for many messages. */
public final class FieldLine {
    private final String name;
    private final String value;
    private final byte[] line;

    private FieldLine(String name, String value) {
        this.name = name;
        this.value = value;
        this.line = line(name, value);
    }

    /** The value must hold no control bytes: it does not come from a peer, or was checked when it was read. */
    public static FieldLine of(String name, String value) {
        assert value.chars().noneMatch(c -> c < ' ' && c != '\t') : "control byte in a field of ours";
        return new FieldLine(name, value);
    }

    private static byte[] line(String name, String value) {
        byte[] line = new byte[name.length() + value.length() + 4];
        int at = Ascii.write(name, line, 0);
        line[at] = ':';
        line[at + 1] = ' ';
        at = Ascii.write(value, line, at + 2);
        line[at] = '\r';
        line[at + 1] = '\n';
        return line;
    }

    public String name() {
        return name;
    }

    public String value() {
        return value;
    }

    /** {@code Name: value CR LF}. Not to be changed. */
    public byte[] line() {
        return line;
    }
}
