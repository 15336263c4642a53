package dev.banyan.routing.file;

/**
 * What is wrong with a file, where, and what to do instead.
 *
 * @param line from 1
 * @param column from 1
 * @param fix an imperative: {@code write a share from 0% to 100%, such as 5%}
 */
public record Problem(String file, int line, int column, String what, String fix) {

    /** {@code routes/accounts.yaml:14:13: canary: 105% is more than the whole; fix: write a share ...}. */
    @Override
    public String toString() {
        return file + ":" + line + ":" + column + ": " + what + "; fix: " + fix;
    }
}
