package dev.banyan.testing;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.DataInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.zip.GZIPInputStream;

/** The conformance tests of <a href="https://github.com/summerwind/h2spec">h2spec</a>, a program of its own. */
public final class H2Spec {
    private static final String ARCHIVE = "/h2spec/2.2.0/h2spec_linux_amd64.tar.gz";
    private static final int TAR_BLOCK_BYTES = 512;
    private static final int TAR_SIZE_AT = 124;
    private static final int TAR_SIZE_DIGITS = 11;

    private H2Spec() {}

    /** What it printed, line by line. */
    public static List<String> run(Path directory, int port, String... more) throws Exception {
        boolean runsHere = System.getProperty("os.name").equals("Linux")
                && System.getProperty("os.arch").toLowerCase(Locale.ROOT).matches("amd64|x86_64");
        if (!"1".equals(System.getenv("BANYAN_REQUIRE_SERVERS"))) {
            assumeTrue(runsHere, "h2spec is there for Linux on x86-64 only");
        }
        List<String> command = new ArrayList<>(List.of(
                unpacked(directory).toString(),
                "-h",
                "127.0.0.1",
                "-p",
                Integer.toString(port),
                "-o",
                "10",
                "-P",
                "/"));
        command.addAll(List.of(more));
        Path printed = directory.resolve("h2spec.txt");
        Process process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(printed.toFile())
                .start();
        process.waitFor();
        return Files.readAllLines(printed);
    }

    /** The one file of the archive. */
    private static Path unpacked(Path directory) throws IOException {
        Path binary = directory.resolve("h2spec");
        try (InputStream archive = H2Spec.class.getResourceAsStream(ARCHIVE)) {
            if (archive == null) {
                throw new IOException("no " + ARCHIVE + " on the class path");
            }
            DataInputStream tar = new DataInputStream(new GZIPInputStream(archive));
            byte[] header = new byte[TAR_BLOCK_BYTES];
            tar.readFully(header);
            String octal = new String(header, TAR_SIZE_AT, TAR_SIZE_DIGITS, StandardCharsets.US_ASCII);
            Files.write(binary, tar.readNBytes(Integer.parseInt(octal.trim(), 8)));
        }
        if (!binary.toFile().setExecutable(true)) {
            throw new IOException("cannot be made executable: " + binary);
        }
        return binary;
    }
}
