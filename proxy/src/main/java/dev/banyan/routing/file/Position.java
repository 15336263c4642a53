package dev.banyan.routing.file;

/** Where a key of a route or an upstream stands. Line and column from 1. */
public record Position(String file, int line, int column) {

    public Problem problem(String what, String fix) {
        return new Problem(file, line, column, what, fix);
    }
}
