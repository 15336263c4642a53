package dev.banyan.yaml;

/**
 * What is wrong, where, and what to do instead.
 *
 * @param file empty for what stands in no file: then {@code what} says where
 * @param line from 1
 * @param column from 1
 * @param fix an imperative: {@code write a share from 0% to 100%, such as 5%}
 */
public record Problem(String file, int line, int column, String what, String fix) {

    /** {@code routes/accounts.yaml:14:13: canary: 105% is more than the whole; fix: write a share ...}. */
    @Override
    public String toString() {
        String where = file.isEmpty() ? "" : file + ":" + line + ":" + column + ": ";
        return where + what + "; fix: " + fix;
    }
}
