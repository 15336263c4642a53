package dev.banyan.app;

import dev.banyan.dataplane.message.FieldLine;
import dev.banyan.yaml.Problem;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The credentials of the user as whom probes are made: the file of {@code parity.probe-as}, a header field a line, such as
 * {@code Cookie: _shop_session=...} or {@code Authorization: Bearer ...}. Only its owner may read it. It is read when the process starts,
 * and again at SIGHUP; no message shows what stands in it.
 */
final class TestUser implements Supplier<List<FieldLine>> {
    private static final Logger LOG = LoggerFactory.getLogger(TestUser.class);
    private static final int MAX_BYTES = 16 * 1024;
    private static final Pattern FIELD = Pattern.compile(
            "([!#$%&'*+.^_`|~0-9A-Za-z-]+):[ \t]*([\\x21-\\x7e](?:[\\x20-\\x7e\t]*[\\x21-\\x7e])?)[ \t]*");

    /** What says something else than who asks. */
    private static final Set<String> NO_CREDENTIALS = Set.of(
            "accept",
            "connection",
            "content-length",
            "expect",
            "host",
            "te",
            "transfer-encoding",
            "upgrade",
            "user-agent",
            "x-banyan-shadow");

    private static final String WRITE_A_LINE =
            "write a line such as Cookie: NAME=VALUE, or Authorization: Bearer TOKEN";

    private static final Set<PosixFilePermission> OF_OTHERS = EnumSet.of(
            PosixFilePermission.GROUP_READ,
            PosixFilePermission.GROUP_WRITE,
            PosixFilePermission.OTHERS_READ,
            PosixFilePermission.OTHERS_WRITE);

    private final Path file;
    private volatile List<FieldLine> fields;

    private TestUser(Path file, List<FieldLine> fields) {
        this.file = file;
        this.fields = fields;
    }

    /** @throws IOException it cannot be used, and why, and what to do instead */
    static TestUser of(Path file) throws IOException {
        return new TestUser(file, read(file));
    }

    @Override
    public List<FieldLine> get() {
        return fields;
    }

    /** Reads it again. Where it cannot be used, what was read before goes on, and the log says so. */
    void readAgain() {
        try {
            fields = read(file);
        } catch (IOException e) {
            LOG.warn("the test user stays what it was: {}", e.getMessage());
        }
    }

    /** @throws Unusable and why, and what to do instead */
    static List<FieldLine> read(Path file) throws IOException {
        String text;
        try {
            if (SecretReader.allowsAny(file, OF_OTHERS)) {
                throw new Unusable("others may read " + file, "chmod 600 it");
            }
            if (Files.size(file) > MAX_BYTES) {
                throw new Unusable(
                        file + " is larger than " + MAX_BYTES + " bytes", "name a file with a header field a line");
            }
            text = Files.readString(file, StandardCharsets.ISO_8859_1);
        } catch (NoSuchFileException e) {
            throw new Unusable("there is no file " + file, "put the test user's credentials there, or write off");
        } catch (AccessDeniedException e) {
            throw new Unusable("there is no permission to read " + file, "make it this process's own, with mode 600");
        }
        return fields(file, text);
    }

    private static List<FieldLine> fields(Path file, String text) throws Unusable {
        List<FieldLine> fields = new ArrayList<>();
        int number = 0;
        for (String line : text.split("\r?\n", -1)) {
            number++;
            if (line.isBlank() || line.startsWith("#")) {
                continue;
            }
            Matcher field = FIELD.matcher(line);
            if (!field.matches() || NO_CREDENTIALS.contains(field.group(1).toLowerCase(Locale.ROOT))) {
                throw new Unusable("line " + number + " of " + file + " is no credential", WRITE_A_LINE);
            }
            fields.add(FieldLine.of(field.group(1), field.group(2)));
        }
        if (fields.isEmpty()) {
            throw new Unusable("there is nothing in " + file, WRITE_A_LINE);
        }
        return List.copyOf(fields);
    }

    /** The file cannot be used. */
    static final class Unusable extends IOException {
        private static final long serialVersionUID = 1;

        private final String what;
        private final String fix;

        private Unusable(String what, String fix) {
            super("parity.probe-as: " + what + "; fix: " + fix);
            this.what = "parity.probe-as: " + what;
            this.fix = fix;
        }

        Problem problem() {
            return new Problem("", 1, 1, what, fix);
        }
    }
}
