package dev.banyan.yaml;

import java.util.Optional;
import org.snakeyaml.engine.v2.events.DocumentStartEvent;
import org.snakeyaml.engine.v2.events.Event;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.parser.Parser;

/**
 * A parser that goes no deeper than {@code mostDepth}, since who makes nodes of its events recurses, and into no second document. What is
 * beyond ends the reading with a {@link Beyond}.
 */
final class BoundedParser implements Parser {
    private final Parser parser;
    private final int mostDepth;
    private int depth;
    private int documents;

    BoundedParser(Parser parser, int mostDepth) {
        this.parser = parser;
        this.mostDepth = mostDepth;
    }

    /** Where a bound was met, and what to say of it. */
    static final class Beyond extends RuntimeException {
        private static final long serialVersionUID = 1;

        private final transient Optional<Mark> mark;
        private final String fix;

        private Beyond(Optional<Mark> mark, String what, String fix) {
            super(what, null, false, false);
            this.mark = mark;
            this.fix = fix;
        }

        Optional<Mark> mark() {
            return mark;
        }

        String fix() {
            return fix;
        }
    }

    @Override
    public boolean checkEvent(Event.ID choice) {
        return parser.checkEvent(choice);
    }

    @Override
    public Event peekEvent() {
        return parser.peekEvent();
    }

    @Override
    public boolean hasNext() {
        return parser.hasNext();
    }

    @Override
    public Event next() {
        Event event = parser.next();
        switch (event.getEventId()) {
            case SequenceStart, MappingStart -> depth++;
            case SequenceEnd, MappingEnd -> depth--;
            case DocumentStart -> documents++;
            default -> {}
        }
        if (depth > mostDepth) {
            throw new Beyond(event.getStartMark(), "nested too deep", "nothing in this format goes so deep");
        }
        if (documents > 1 && event instanceof DocumentStartEvent) {
            throw new Beyond(
                    event.getStartMark(),
                    "a second document begins here",
                    "remove the line ---, or put what follows into a file of its own");
        }
        return event;
    }
}
