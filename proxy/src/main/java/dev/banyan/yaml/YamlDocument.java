package dev.banyan.yaml;

import java.util.IdentityHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.composer.Composer;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.ReaderException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.SequenceNode;
import org.snakeyaml.engine.v2.nodes.Tag;
import org.snakeyaml.engine.v2.parser.Parser;
import org.snakeyaml.engine.v2.parser.ParserImpl;
import org.snakeyaml.engine.v2.scanner.StreamReader;

/** Text to YAML nodes, whatever the text: bounded in size, depth and what its aliases expand to. */
public final class YamlDocument {
    static final int MAX_CHARS = 1 << 20;

    /** The format goes six deep; the YAML reader recurses. */
    private static final int MAX_DEPTH = 32;

    private static final long MAX_EXPANDED_NODES = 200_000;

    private final String text;
    private final Problems problems;
    private final LoadSettings settings;

    private YamlDocument(String text, Problems problems, int mostChars) {
        this.text = text;
        this.problems = problems;
        this.settings = LoadSettings.builder()
                .setCodePointLimit(mostChars)
                .setMaxAliasesForCollections(100)
                .setAllowNonScalarKeys(true)
                // All at once: version 3.0.1 throws IndexOutOfBoundsException where the edge of a buffer parts a
                // surrogate pair.
                .setBufferSize(text.length() + 1)
                .build();
    }

    /**
     * The one document of a file; empty if there is a problem, which is then told, or if the file says nothing.
     *
     * @param saysNothing what to do if it does
     */
    public static Optional<Node> read(String text, Problems problems, Runnable saysNothing) {
        if (text.length() > MAX_CHARS) {
            problems.error(
                    new Position(problems.file(), 1, 1),
                    "the file is larger than " + Scalars.sizeText(MAX_CHARS),
                    "split it: every *.yaml of the directory is read");
            return Optional.empty();
        }
        YamlDocument document =
                new YamlDocument(text.startsWith("\uFEFF") ? text.substring(1) : text, problems, MAX_CHARS);
        return document.isUnicode() ? document.read(saysNothing, true) : Optional.empty();
    }

    /** What was accepted once, however large it is; empty if it is no YAML after all, which is then told. */
    public static Optional<Node> readAccepted(String text, Problems problems) {
        String plain = text.startsWith("\uFEFF") ? text.substring(1) : text;
        return new YamlDocument(plain, problems, Integer.MAX_VALUE).read(() -> {}, false);
    }

    /** The YAML reader throws IndexOutOfBoundsException for half a character at the end. No UTF-8 has one, but JSON's escapes may. */
    private boolean isUnicode() {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (Character.isHighSurrogate(c) && i + 1 < text.length() && Character.isLowSurrogate(text.charAt(i + 1))) {
                i++;
            } else if (Character.isSurrogate(c)) {
                notAllowed(i, c);
                return false;
            }
        }
        return true;
    }

    private void notAllowed(int index, int codePoint) {
        problems.error(
                positionOf(index),
                String.format(Locale.ROOT, "a character that YAML does not allow (U+%04X)", codePoint),
                "remove it");
    }

    private Optional<Node> read(Runnable saysNothing, boolean bounded) {
        try {
            Parser parser = new ParserImpl(settings, new StreamReader(settings, text));
            Optional<Node> root =
                    new Composer(settings, bounded ? new BoundedParser(parser, MAX_DEPTH) : parser).getSingleNode();
            if (root.isEmpty() || root.get().getTag().equals(Tag.NULL)) {
                saysNothing.run();
                return Optional.empty();
            }
            return !bounded || expandsWithinBounds(root.get()) ? root : Optional.empty();
        } catch (BoundedParser.Beyond beyond) {
            problems.error(at(beyond.mark()), String.valueOf(beyond.getMessage()), beyond.fix());
        } catch (MarkedYamlEngineException broken) {
            tell(broken);
        } catch (ReaderException broken) {
            notAllowed(broken.getPosition(), broken.getCodePoint());
        } catch (YamlEngineException broken) {
            problems.error(
                    new Position(problems.file(), 1, 1),
                    "not YAML: " + Shown.text(String.valueOf(broken.getMessage())),
                    "write YAML as in the examples");
        }
        return Optional.empty();
    }

    private boolean expandsWithinBounds(Node root) {
        if (expanded(root, new IdentityHashMap<>()) <= MAX_EXPANDED_NODES) {
            return true;
        }
        problems.error(
                at(root.getStartMark()),
                "its aliases (*name) expand to more than " + MAX_EXPANDED_NODES + " values, or to themselves",
                "write out what they stand for");
        return false;
    }

    /** How many nodes there are once each alias is replaced by what it stands for; each node is counted once. */
    private static long expanded(Node node, Map<Node, Long> known) {
        Long counted = known.get(node);
        if (counted != null) {
            return counted;
        }
        // Whoever meets it again below itself sees this: a structure that holds itself has no size.
        known.put(node, MAX_EXPANDED_NODES + 1);
        long size = 1;
        if (node instanceof SequenceNode sequence) {
            for (Node item : sequence.getValue()) {
                size = Math.min(MAX_EXPANDED_NODES + 1, size + expanded(item, known));
            }
        } else if (node instanceof MappingNode mapping) {
            for (var tuple : mapping.getValue()) {
                size += expanded(tuple.getKeyNode(), known);
                size = Math.min(MAX_EXPANDED_NODES + 1, size + expanded(tuple.getValueNode(), known));
            }
        }
        known.put(node, size);
        return size;
    }

    private void tell(MarkedYamlEngineException broken) {
        Position at = at(broken.getProblemMark().or(broken::getContextMark));
        String reader = String.valueOf(broken.getProblem());
        if (reader.contains("TAB")) {
            problems.error(at, "a tab where YAML wants spaces", "indent with spaces");
        } else if (reader.contains("undefined alias")) {
            problems.error(
                    at, "an alias that names no anchor", "define it above with &name, or put quotes around the value");
        } else {
            problems.error(at, "not YAML: " + whatIn(reader), fixFor(reader, at));
        }
    }

    private static String whatIn(String reader) {
        return Shown.text(reader.replaceAll("\\s+", " ")
                .replace("'<block end>'", "the end of the block")
                .replace("<block end>", "the end of the block")
                .replace("'<stream end>'", "the end of the file")
                .replace("<stream end>", "the end of the file")
                .replace("the node content", "a value"));
    }

    private String fixFor(String reader, Position at) {
        if (reader.contains("mapping values are not allowed")) {
            return "check the indentation; put quotes around a value that holds \": \"";
        }
        if (lineOf(at).contains("{") && (reader.contains("',' or ']'") || reader.contains("',' or '}'"))) {
            return "inside [ ] and { } put quotes around a value that holds { } [ ] or a comma";
        }
        if (reader.contains("cannot start any token")) {
            return "put quotes around the value";
        }
        return "check the indentation, brackets and quotes here and on the line above";
    }

    private String lineOf(Position at) {
        return text.lines().skip(at.line() - 1L).findFirst().orElse("");
    }

    private Position at(Optional<Mark> mark) {
        return new Position(
                problems.file(),
                mark.map(Mark::getLine).orElse(0) + 1,
                mark.map(Mark::getColumn).orElse(0) + 1);
    }

    private Position positionOf(int index) {
        String before = text.substring(0, Math.max(0, Math.min(index, text.length())));
        int line = (int) before.chars().filter(c -> c == '\n').count();
        return new Position(problems.file(), line + 1, before.length() - before.lastIndexOf('\n'));
    }
}
