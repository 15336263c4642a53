package dev.banyan.cli;

import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.charset.MalformedInputException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** How a command finds the running proxy: by its address, or by the data directory of one on the same machine. */
final class ProxyOptions {
    private static final int MAX_LINE_BYTES = 4096;

    @Spec(Spec.Target.MIXEE)
    private CommandSpec command;

    @Option(
            names = "--admin",
            paramLabel = "URL",
            description = "The proxy's admin address, such as http://127.0.0.1:9900; goes with --token-file.%n"
                    + "Also $BANYAN_ADMIN.")
    private @Nullable String admin;

    @Option(
            names = "--token-file",
            paramLabel = "FILE",
            description = "A file with the token for the admin API. Also $BANYAN_TOKEN_FILE.")
    private @Nullable Path tokenFile;

    @Option(
            names = "--admin-ca",
            paramLabel = "FILE",
            description = "Certificates in PEM to trust for an https address; else the system's.%n"
                    + "Also $BANYAN_ADMIN_CA.")
    private @Nullable Path adminCa;

    @Option(
            names = "--data",
            paramLabel = "DIR",
            defaultValue = "./data",
            description = "Without --admin: the data directory of a proxy on this machine (default: ./data).%n"
                    + "Also $BANYAN_DATA.")
    private Path data;

    AdminAddress locate() throws CommandFailed {
        if (admin != null) {
            return byAddress(admin);
        }
        Path urlFile = data.resolve("admin.url");
        String url = oneLine(
                urlFile,
                "start a proxy with `banyan demo` or `banyan serve`, or name its data directory with --data DIR, or its"
                        + " address with --admin URL --token-file FILE");
        URI origin = origin(url);
        if (origin == null) {
            throw CommandFailed.because(
                    urlFile + ": not an address: " + TextTable.printable(url),
                    "restart the proxy, which writes this file, or use --admin URL --token-file FILE");
        }
        Path token = tokenFile == null ? data.resolve("admin.token") : tokenFile;
        return new AdminAddress(origin, token(token), urlFile.toString(), authority());
    }

    private Optional<Path> authority() throws CommandFailed {
        if (adminCa != null && !Files.isReadable(adminCa)) {
            throw CommandFailed.because(
                    "--admin-ca: " + adminCa + " cannot be read", "name a file with certificates in PEM");
        }
        return Optional.ofNullable(adminCa);
    }

    private AdminAddress byAddress(String url) throws CommandFailed {
        URI origin = origin(url);
        if (origin == null) {
            throw new ParameterException(
                    command.commandLine(),
                    "--admin: '" + url + "' is not an address (expected: http://HOST:PORT or https://HOST:PORT)");
        }
        if (tokenFile == null) {
            // The token beside ./data/admin.url belongs to that proxy; another one must not get to see it.
            throw new ParameterException(
                    command.commandLine(), "--admin needs --token-file FILE (or $BANYAN_TOKEN_FILE) beside it");
        }
        return new AdminAddress(origin, token(tokenFile), "--admin", authority());
    }

    private static @Nullable URI origin(String url) {
        try {
            URI uri = new URI(url);
            boolean http = "http".equals(uri.getScheme()) || "https".equals(uri.getScheme());
            boolean bare = uri.getRawPath() == null
                    || uri.getRawPath().isEmpty()
                    || uri.getRawPath().equals("/");
            if (!http || uri.getHost() == null || !bare || uri.getRawQuery() != null || uri.getRawUserInfo() != null) {
                return null;
            }
            return new URI(uri.getScheme(), null, uri.getHost(), uri.getPort(), null, null, null);
        } catch (URISyntaxException e) {
            return null;
        }
    }

    private static String token(Path file) throws CommandFailed {
        String token = oneLine(file, "name a file with a token by --token-file FILE");
        if (token.isEmpty() || !token.chars().allMatch(c -> c > ' ' && c < 0x7f)) {
            throw CommandFailed.because(
                    file + ": this is not a token (expected: one line of visible characters)",
                    "name a file with a token by --token-file FILE");
        }
        return token;
    }

    private static String oneLine(Path file, String fix) throws CommandFailed {
        try {
            if (Files.isRegularFile(file) && Files.size(file) > MAX_LINE_BYTES) {
                throw CommandFailed.because(file + ": longer than the one line that belongs there", fix);
            }
            return Files.readString(file).strip();
        } catch (NoSuchFileException e) {
            throw CommandFailed.because(file + ": no such file", fix);
        } catch (AccessDeniedException e) {
            throw CommandFailed.because(
                    file + ": no permission to read it", "run this as the user that runs the proxy");
        } catch (MalformedInputException e) {
            throw CommandFailed.because(file + ": not text", fix);
        } catch (IOException e) {
            throw CommandFailed.because(file + ": cannot be read: " + e.getMessage(), fix);
        }
    }
}
