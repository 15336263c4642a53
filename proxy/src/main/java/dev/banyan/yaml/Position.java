package dev.banyan.yaml;

/** Where a key or a value stands. Line and column from 1. */
public record Position(String file, int line, int column) {
    /** Of what stands in no file, such as a flag: what is told of it names it. */
    public static final Position NOWHERE = new Position("", 0, 0);

    public Problem problem(String what, String fix) {
        return new Problem(file, line, column, what, fix);
    }
}
