package dev.banyan.controlplane.parity.compare;

import java.util.List;
import java.util.SortedMap;

/** A part of a page, spelt in one way: two parts that a browser shows, and a script sees, alike have the same digest. */
sealed interface PageNode {
    /** By which parts of two pages are told to be the same part: {@code li.item}; a text's is {@code ""}. */
    String label();

    /** A number for all that it says. */
    long digest();

    /** Words between elements, white space collapsed as a browser does it. */
    record Text(String text, long digest) implements PageNode {
        static Text of(String text) {
            return new Text(text, Mixed.of(text.hashCode()));
        }

        @Override
        public String label() {
            return "";
        }
    }

    /**
     * An element with all that is in it.
     *
     * @param tag in lower case
     * @param attributes by name; classes sorted
     */
    record Element(String tag, String label, SortedMap<String, String> attributes, List<PageNode> children, long digest)
            implements PageNode {

        static Element of(String tag, String label, SortedMap<String, String> attributes, List<PageNode> children) {
            long digest = Mixed.of(31L * tag.hashCode() + attributes.hashCode());
            for (PageNode child : children) {
                digest = Mixed.of(31 * digest + child.digest());
            }
            return new Element(tag, label, attributes, List.copyOf(children), digest);
        }
    }
}
