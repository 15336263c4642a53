package dev.banyan.cli;

import picocli.CommandLine.TypeConversionException;

/** A route's id as people type it. */
record RouteId(String text) {

    RouteId {
        // Also what keeps it one segment of the admin API's paths.
        if (!text.matches("[a-z0-9-]{1,200}")) {
            throw new TypeConversionException(
                    "'" + text + "' is not a route's id (expected: a-z, 0-9 and -; see `banyan routes`)");
        }
    }

    @Override
    public String toString() {
        return text;
    }
}
