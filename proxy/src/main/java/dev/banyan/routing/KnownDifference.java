package dev.banyan.routing;

import java.time.LocalDate;

/**
 * Something in which modern's answers differ and that somebody has seen: until that day it speaks against nothing.
 *
 * @param field as parity names it: {@code $.items[*].amount}, {@code header etag}, {@code status}
 * @param owner who mends it, or who says that it is right so
 * @param until the last day on which it holds, by UTC
 */
public record KnownDifference(String field, String owner, LocalDate until) {

    public boolean holdsOn(LocalDate day) {
        return !day.isAfter(until);
    }
}
