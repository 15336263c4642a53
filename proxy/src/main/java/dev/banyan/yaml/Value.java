package dev.banyan.yaml;

import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.snakeyaml.engine.v2.common.ScalarStyle;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;
import org.snakeyaml.engine.v2.nodes.Tag;
import org.snakeyaml.engine.v2.schema.JsonSchema;

/**
 * What stands at one key of a file, and where to complain about it.
 *
 * @param name what messages call it: the key, with those above it as far as they help: {@code timeouts.connect}
 * @param prefix what the names of the keys under it begin with: {@code timeouts.}
 */
public record Value(Problems problems, String name, String prefix, Node node, Position at) {

    public static Value keyed(Problems problems, String name, Node node) {
        return new Value(problems, name, name + ".", node, position(problems.file(), node));
    }

    /** The whole of a settings file; empty if there is a problem, which is then told, or if the file says nothing. */
    public static Optional<Value> document(Problems problems, String name, String text) {
        return YamlDocument.read(text, problems, () -> {})
                .map(node -> entity(problems, name, node, position(problems.file(), node)));
    }

    /**
     * A text from elsewhere than a file, such as a flag, read as YAML would read a plain scalar.
     *
     * @param name where it stands
     */
    public static Value elsewhere(Problems problems, String name, String text) {
        return new Value(problems, name, name + ".", plain(text), Position.NOWHERE);
    }

    private static Node plain(String text) {
        Tag tag = new JsonSchema().getScalarResolver().resolve(text, true);
        return new ScalarNode(tag, text, ScalarStyle.PLAIN);
    }

    /**
     * Something with an id, whose own keys are told without it: the line says which it is.
     *
     * @param at where the id stands: there one looks for what is missing
     */
    public static Value entity(Problems problems, String name, Node node, Position at) {
        return new Value(problems, name, "", node, at);
    }

    public static Position position(String file, Node node) {
        Optional<Mark> mark = node.getStartMark();
        return new Position(
                file,
                mark.map(Mark::getLine).orElse(0) + 1,
                mark.map(Mark::getColumn).orElse(0) + 1);
    }

    /** The same, for who has heard its problems already. */
    public Value unheard() {
        return new Value(Problems.ofAccepted(problems.file()), name, prefix, node, at);
    }

    public void wrong(String what, String fix) {
        problems.error(at(), name + ": " + what, fix);
    }

    /**
     * Complains about what is understood and not allowed; false, and no complaint, in a table that was accepted once: a rule that came
     * later must not take it away.
     */
    public boolean refused(String what, String fix) {
        if (problems.areOfAccepted()) {
            return false;
        }
        wrong(what, fix);
        return true;
    }

    public void doubtful(String what, String fix) {
        problems.warning(at(), name + ": " + what, fix);
    }

    public boolean isNothing() {
        return node.getTag().equals(Tag.NULL);
    }

    public boolean isScalar() {
        return node instanceof ScalarNode && !isNothing();
    }

    public boolean isList() {
        return node instanceof SequenceNode;
    }

    public boolean isSection() {
        return node instanceof MappingNode;
    }

    /** Whether it is a text because somebody says so, not because YAML takes it for none of its other kinds. */
    boolean isQuoted() {
        return node instanceof ScalarNode scalar && scalar.getScalarStyle() != ScalarStyle.PLAIN;
    }

    /** Whether it is this one word. */
    public boolean isWord(String word) {
        return node instanceof ScalarNode scalar && scalar.getValue().equals(word);
    }

    /** A scalar as written, whatever YAML takes it for: {@code 25%}, {@code 404}. */
    public Optional<String> scalar(String fix) {
        if (isScalar() && node instanceof ScalarNode scalar && isKnownTag()) {
            return Optional.of(scalar.getValue());
        }
        wrong("is " + kind(), fix);
        return Optional.empty();
    }

    /** A text. What YAML takes for a number or a truth value is none. */
    public Optional<String> text(String fix) {
        if (node instanceof ScalarNode scalar && !node.getTag().equals(Tag.STR) && !isNothing() && isKnownTag()) {
            wrong(
                    Shown.text(scalar.getValue()) + " is " + kind() + " to YAML, not text",
                    fix + " (quotes make it a text)");
            return Optional.empty();
        }
        return scalar(fix);
    }

    public Optional<Section> section(Keys keys, String fix) {
        if (node instanceof MappingNode mapping) {
            return Optional.of(new Section(this, mapping, keys));
        }
        wrong("is " + kind(), fix);
        return Optional.empty();
    }

    /** The parts of a text that is a list of its own, each told of at the same place. */
    public List<Value> split(String separator) {
        return scalar("write texts with " + separator + " between them").stream()
                .flatMap(text -> Stream.of(text.split(Pattern.quote(separator), -1)))
                .map(part -> new Value(problems, name, prefix, plain(part.strip()), at))
                .toList();
    }

    public List<Value> items(String fix) {
        if (node instanceof SequenceNode sequence) {
            return sequence.getValue().stream()
                    .map(item -> keyed(problems, name, item))
                    .toList();
        }
        wrong("is " + kind(), fix);
        return List.of();
    }

    public String kind() {
        if (node instanceof SequenceNode) {
            return "a list";
        }
        if (node instanceof MappingNode) {
            return "a section with keys of its own";
        }
        if (isNothing()) {
            return "empty";
        }
        if (node.getTag().equals(Tag.INT) || node.getTag().equals(Tag.FLOAT)) {
            return "a number";
        }
        if (node.getTag().equals(Tag.BOOL)) {
            return "true or false";
        }
        return isKnownTag() ? "a text" : "tagged " + Shown.text(node.getTag().toString());
    }

    private boolean isKnownTag() {
        Tag tag = node.getTag();
        return tag.equals(Tag.STR) || tag.equals(Tag.INT) || tag.equals(Tag.FLOAT) || tag.equals(Tag.BOOL);
    }
}
