package dev.banyan.cli;

/** What runs until it is told to stop. The application implements one for {@code serve} and one for {@code demo}. */
@FunctionalInterface
public interface Server<O> {

    /** Returns the exit code when all is over. What it throws is reported with exit code 1. */
    int run(O options) throws Exception;
}
