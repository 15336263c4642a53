package dev.banyan.settings;

import dev.banyan.yaml.Keys;
import dev.banyan.yaml.Section;
import dev.banyan.yaml.Shown;
import dev.banyan.yaml.Value;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * Where a certificate and its key are: in the file a section {@code { certificate: FILE, key: file:FILE, names: [..] }}, elsewhere
 * {@code CERTIFICATE:KEY}.
 *
 * @param names which server names it is for; none: those in it
 */
public record CertificateReference(Path certificate, Path key, List<String> names) {
    private static final String FILE = "file:";
    private static final String FIX = "write { certificate: FILE, key: file:FILE }";

    public CertificateReference {
        names = List.copyOf(names);
    }

    static Optional<CertificateReference> read(Value value) {
        return value.isScalar() ? pair(value) : section(value);
    }

    private static Optional<CertificateReference> section(Value value) {
        Optional<Section> section = value.section(Keys.of("a certificate", "certificate", "key", "names"), FIX);
        Optional<Value> certificate = section.flatMap(keys -> keys.get("certificate"));
        Optional<Value> key = section.flatMap(keys -> keys.get("key"));
        if (section.isPresent() && (certificate.isEmpty() || key.isEmpty())) {
            value.wrong("lacks " + (certificate.isEmpty() ? "certificate" : "key"), FIX);
        }
        List<String> names = section.flatMap(keys -> keys.get("names")).stream()
                .flatMap(list -> list.items("write a list of names, such as [ bank.test ]").stream())
                .flatMap(item -> item.scalar("write a name such as bank.test").stream())
                .toList();
        return both(certificate.flatMap(CertificateReference::path), key.flatMap(CertificateReference::path), names);
    }

    private static Optional<CertificateReference> pair(Value value) {
        List<Value> files = value.split(":");
        if (files.size() != 2) {
            value.wrong("is not a certificate and its key", "write CERTIFICATE:KEY, two files");
            return Optional.empty();
        }
        return both(path(files.get(0)), path(files.get(1)), List.of());
    }

    private static Optional<CertificateReference> both(
            Optional<Path> certificate, Optional<Path> key, List<String> names) {
        return certificate.flatMap(one -> key.map(other -> new CertificateReference(one, other, names)));
    }

    private static Optional<Path> path(Value value) {
        return value.scalar(FIX).flatMap(text -> {
            String file = text.startsWith(FILE) ? text.substring(FILE.length()) : text;
            try {
                if (!file.isBlank()) {
                    return Optional.of(Path.of(file));
                }
            } catch (InvalidPathException e) {
                // Told below: the same to who wrote it.
            }
            value.wrong(Shown.text(text) + " is no path", FIX);
            return Optional.empty();
        });
    }

    @Override
    public String toString() {
        return certificate + ":" + key;
    }
}
