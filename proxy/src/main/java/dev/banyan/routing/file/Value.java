package dev.banyan.routing.file;

import java.util.List;
import java.util.Optional;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;
import org.snakeyaml.engine.v2.nodes.Tag;

/**
 * What stands at one key of a file, and where to complain about it.
 *
 * @param name what messages call it: the key, with those above it as far as they help: {@code timeouts.connect}
 * @param prefix what the names of the keys under it begin with: {@code timeouts.}
 */
record Value(Problems problems, String name, String prefix, Node node, Position at) {

    static Value keyed(Problems problems, String name, Node node) {
        return new Value(problems, name, name + ".", node, position(problems.file(), node));
    }

    /**
     * Something with an id, whose own keys are told without it: the line says which it is.
     *
     * @param at where the id stands: there one looks for what is missing
     */
    static Value entity(Problems problems, String name, Node node, Position at) {
        return new Value(problems, name, "", node, at);
    }

    static Position position(String file, Node node) {
        Optional<Mark> mark = node.getStartMark();
        return new Position(
                file,
                mark.map(Mark::getLine).orElse(0) + 1,
                mark.map(Mark::getColumn).orElse(0) + 1);
    }

    void wrong(String what, String fix) {
        problems.error(at(), name + ": " + what, fix);
    }

    void doubtful(String what, String fix) {
        problems.warning(at(), name + ": " + what, fix);
    }

    boolean isNothing() {
        return node.getTag().equals(Tag.NULL);
    }

    boolean isScalar() {
        return node instanceof ScalarNode && !isNothing();
    }

    boolean isList() {
        return node instanceof SequenceNode;
    }

    boolean isSection() {
        return node instanceof MappingNode;
    }

    /** Whether it is this one word. */
    boolean isWord(String word) {
        return node instanceof ScalarNode scalar && scalar.getValue().equals(word);
    }

    /** A scalar as written, whatever YAML takes it for: {@code 25%}, {@code 404}. */
    Optional<String> scalar(String fix) {
        if (isScalar() && node instanceof ScalarNode scalar && isKnownTag()) {
            return Optional.of(scalar.getValue());
        }
        wrong("is " + kind(), fix);
        return Optional.empty();
    }

    /** A text. What YAML takes for a number or a truth value is none. */
    Optional<String> text(String fix) {
        if (node instanceof ScalarNode scalar && !node.getTag().equals(Tag.STR) && !isNothing() && isKnownTag()) {
            wrong(
                    Shown.text(scalar.getValue()) + " is " + kind() + " to YAML, not text",
                    fix + " (quotes make it a text)");
            return Optional.empty();
        }
        return scalar(fix);
    }

    Optional<Section> section(Keys keys, String fix) {
        if (node instanceof MappingNode mapping) {
            return Optional.of(new Section(this, mapping, keys));
        }
        wrong("is " + kind(), fix);
        return Optional.empty();
    }

    List<Value> items(String fix) {
        if (node instanceof SequenceNode sequence) {
            return sequence.getValue().stream()
                    .map(item -> keyed(problems, name, item))
                    .toList();
        }
        wrong("is " + kind(), fix);
        return List.of();
    }

    String kind() {
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
