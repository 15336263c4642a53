package dev.banyan.app;

import dev.banyan.settings.SecretReference;
import dev.banyan.settings.Setting;
import dev.banyan.yaml.Problem;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Fetches secrets from where settings say that they are. No message shows what was found there. */
final class SecretReader {
    private static final long MAX_BYTES = 64 * 1024;

    private final Map<String, String> environment;
    private final List<Problem> problems = new ArrayList<>();
    private final List<Problem> warnings = new ArrayList<>();

    SecretReader(Map<String, String> environment) {
        this.environment = environment;
    }

    /** The text without blanks around it; empty if there is none, which is then told. */
    Optional<String> read(Setting<?> setting, SecretReference reference) {
        Optional<String> text = reference instanceof SecretReference.InFile file
                ? fromFile(setting, file)
                : fromEnvironment(setting, (SecretReference.InEnvironment) reference);
        return text.map(String::strip).filter(found -> {
            if (found.isEmpty()) {
                wrong(setting, reference, "there is nothing in it", "put the secret there");
            }
            return !found.isEmpty();
        });
    }

    private Optional<String> fromEnvironment(Setting<?> setting, SecretReference.InEnvironment reference) {
        Optional<String> text = Optional.ofNullable(environment.get(reference.variable()));
        if (text.isEmpty()) {
            wrong(setting, reference, "there is no such variable", "set it for this process, or write file:PATH");
        }
        return text;
    }

    private Optional<String> fromFile(Setting<?> setting, SecretReference.InFile reference) {
        Path file = reference.path();
        String fix = "name a file with the secret that this process may read";
        try {
            if (Files.isDirectory(file) || Files.size(file) > MAX_BYTES) {
                wrong(setting, reference, Files.isDirectory(file) ? "it is a directory" : "it is too large", fix);
                return Optional.empty();
            }
            warnIfOthersMayRead(setting, reference, file);
            return Optional.of(new String(Files.readAllBytes(file), StandardCharsets.UTF_8));
        } catch (NoSuchFileException e) {
            wrong(setting, reference, "there is no such file", fix);
        } catch (AccessDeniedException e) {
            wrong(setting, reference, "there is no permission to read it", fix);
        } catch (IOException e) {
            wrong(setting, reference, "it cannot be read: " + e.getMessage(), fix);
        }
        return Optional.empty();
    }

    private void warnIfOthersMayRead(Setting<?> setting, SecretReference reference, Path file) throws IOException {
        if (othersMayRead(file)) {
            warnings.add(setting.problem(
                    reference + ": every user of this machine can read it", "chmod o-r, or mount it with mode 0400"));
        }
    }

    /** Whether every user of the machine can. */
    static boolean othersMayRead(Path file) throws IOException {
        return allowsAny(file, Set.of(PosixFilePermission.OTHERS_READ));
    }

    /** Whether any of that is allowed; nothing is where files have no such permissions. */
    static boolean allowsAny(Path file, Set<PosixFilePermission> permissions) throws IOException {
        return file.getFileSystem().supportedFileAttributeViews().contains("posix")
                && !Collections.disjoint(Files.getPosixFilePermissions(file), permissions);
    }

    void wrong(Setting<?> setting, SecretReference reference, String what, String fix) {
        problems.add(setting.problem(reference + ": " + what, fix));
    }

    List<Problem> problems() {
        return List.copyOf(problems);
    }

    List<Problem> warnings() {
        return List.copyOf(warnings);
    }
}
