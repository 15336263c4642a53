package dev.banyan.settings;

import dev.banyan.net.IpAddress;
import dev.banyan.net.Network;
import dev.banyan.yaml.Problems;
import dev.banyan.yaml.Scalars;
import dev.banyan.yaml.Shown;
import dev.banyan.yaml.Value;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/** What may stand at a key, and how it is written: the same in a flag, in a variable and in the file. */
public final class Kind<T> {
    static final Kind<ListenAddress> ADDRESS = new Kind<>("HOST:PORT", Kind::address, ListenAddress::toString);
    static final Kind<Path> DIRECTORY = new Kind<>("DIR", value -> path(value, "write a path"), Path::toString);
    static final Kind<Optional<Path>> FILE_OR_OFF = new Kind<>(
            "FILE|off", Kind::fileOrOff, file -> file.map(Path::toString).orElse("off"));
    static final Kind<Boolean> YES_NO = new Kind<>("true|false", Scalars::yesNo, String::valueOf);
    static final Kind<AccessLogTarget> ACCESS_LOG =
            new Kind<>("stdout|off|FILE", AccessLogTarget::read, AccessLogTarget::toString);
    static final Kind<SecretReference> SECRET =
            new Kind<>("file:PATH|env:NAME", SecretReference::read, SecretReference::toString);
    static final Kind<String> HOST =
            new Kind<>("HOST[:PORT]", value -> value.scalar("write a host such as banyan.internal"), host -> host);

    /** Part of a name. One letter would be in nearly all of them. */
    static final Kind<String> NAME_PART = new Kind<>("WORD", Kind::namePart, word -> word);

    static final Kind<CertificateReference> CERTIFICATE =
            new Kind<>("CERTIFICATE:KEY", CertificateReference::read, CertificateReference::toString);
    static final Kind<String> IP_ADDRESS = new Kind<>("IP-ADDRESS", Kind::ipAddress, address -> address);
    static final Kind<Network> NETWORK = new Kind<>("NETWORK", Kind::network, Network::toString);

    private final String label;
    private final Function<Value, Optional<T>> reader;
    private final Function<T, List<String>> texts;
    private final boolean list;

    private Kind(String label, Function<Value, Optional<T>> reader, Function<T, String> text) {
        this(label, reader, value -> List.of(text.apply(value)), false);
    }

    private Kind(String label, Function<Value, Optional<T>> reader, Function<T, List<String>> texts, boolean list) {
        this.label = label;
        this.reader = reader;
        this.texts = texts;
        this.list = list;
    }

    static Kind<Duration> duration(String least, String most) {
        Duration from = durationOf(least);
        Duration to = durationOf(most);
        return new Kind<>("DURATION", value -> Scalars.duration(value, from, to), Scalars::text);
    }

    private static Duration durationOf(String text) {
        return Scalars.duration(
                        Value.elsewhere(new Problems(""), "a bound", text), Duration.ZERO, Duration.ofDays(36_500))
                .orElseThrow(() -> new IllegalArgumentException("duration: " + text + " (expected: such as 30s)"));
    }

    static Kind<Integer> count(int least, int most) {
        return new Kind<>("COUNT", value -> Scalars.count(value, least, most), String::valueOf);
    }

    static Kind<Long> size(long leastBytes, long mostBytes) {
        return new Kind<>("SIZE", value -> size(value, leastBytes, mostBytes), Scalars::sizeText);
    }

    private static Optional<Long> size(Value value, long leastBytes, long mostBytes) {
        return Scalars.bytes(value).filter(bytes -> {
            boolean within = bytes >= leastBytes && bytes <= mostBytes;
            if (!within) {
                value.wrong(
                        Scalars.sizeText(bytes) + " is too " + (bytes < leastBytes ? "little" : "much"),
                        "write a size from " + Scalars.sizeText(leastBytes) + " to " + Scalars.sizeText(mostBytes));
            }
            return within;
        });
    }

    /** Its constants as words, in lower case. */
    static <E extends Enum<E>> Kind<E> oneOf(Class<E> words) {
        Map<String, E> known = new LinkedHashMap<>();
        for (E word : words.getEnumConstants()) {
            known.put(word(word), word);
        }
        return new Kind<>(String.join("|", known.keySet()), value -> Scalars.word(value, known), Kind::word);
    }

    static String word(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT);
    }

    /** A list in the file; in a flag or a variable, and as one text in the file, with commas. */
    static <E> Kind<List<E>> listOf(Kind<E> kind) {
        return new Kind<>(
                kind.label + ",...",
                value -> items(kind, value),
                items -> items.stream()
                        .flatMap(item -> kind.texts(item).stream())
                        .toList(),
                true);
    }

    private static <E> Optional<List<E>> items(Kind<E> kind, Value value) {
        List<Value> parts = parts(value);
        List<E> items = new ArrayList<>();
        parts.forEach(part -> kind.read(part).ifPresent(items::add));
        return items.size() == parts.size() ? Optional.of(List.copyOf(items)) : Optional.empty();
    }

    private static List<Value> parts(Value value) {
        if (value.isNothing()) {
            return List.of();
        }
        return value.isScalar() ? value.split(",") : value.items("write a list, such as [ a, b ]");
    }

    private static Optional<String> namePart(Value value) {
        String fix = "write a word of two letters or more, such as token";
        return value.scalar(fix).filter(text -> {
            boolean good = text.matches("[A-Za-z0-9_-]{2,50}");
            if (!good) {
                value.wrong(Shown.text(text) + " is no part of a parameter's name", fix);
            }
            return good;
        });
    }

    private static Optional<ListenAddress> address(Value value) {
        String fix = "write HOST:PORT, such as 127.0.0.1:9900 or [::1]:9900";
        return value.scalar(fix).flatMap(text -> {
            try {
                return Optional.of(ListenAddress.parse(text));
            } catch (IllegalArgumentException e) {
                value.wrong(Shown.text(text) + " is no address to listen on", fix);
                return Optional.empty();
            }
        });
    }

    private static Optional<String> ipAddress(Value value) {
        String fix = "write an IP address such as 192.0.2.1";
        return value.scalar(fix).filter(text -> {
            boolean isAddress = IpAddress.parse(text) != null;
            if (!isAddress) {
                value.wrong(Shown.text(text) + " is no IP address", fix);
            }
            return isAddress;
        });
    }

    private static Optional<Network> network(Value value) {
        return value.scalar("write a network such as 10.0.0.0/8").flatMap(text -> {
            Network.Reading reading = Network.read(text);
            if (reading instanceof Network.Wrong wrong) {
                value.wrong(wrong.what(), wrong.fix());
            }
            return reading instanceof Network.Read read ? Optional.of(read.network()) : Optional.empty();
        });
    }

    private static Optional<Optional<Path>> fileOrOff(Value value) {
        Optional<Path> path = path(value, "write a path, or off");
        return path.isPresent()
                ? Optional.of(path.filter(file -> !file.toString().equals("off")))
                : Optional.empty();
    }

    static Optional<Path> path(Value value, String fix) {
        return value.scalar(fix).flatMap(text -> {
            try {
                return Optional.of(Path.of(text));
            } catch (InvalidPathException e) {
                value.wrong(Shown.text(text) + " is no path", fix);
                return Optional.empty();
            }
        });
    }

    /** Empty if it is wrong, which is then told. */
    Optional<T> read(Value value) {
        return reader.apply(value);
    }

    /** What is to be written, for help and documentation: {@code HOST:PORT}. */
    public String label() {
        return label;
    }

    /** Whether a flag may stand without a value. */
    public boolean isYesNo() {
        return this == YES_NO;
    }

    public boolean isList() {
        return list;
    }

    /** As one writes it; exactly one unless it is a list. */
    List<String> texts(T value) {
        return texts.apply(value);
    }
}
