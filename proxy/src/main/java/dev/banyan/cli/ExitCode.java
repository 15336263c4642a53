package dev.banyan.cli;

/** What a command ends with; the same for all, so that scripts can tell a refusal from a mistake in the command line. */
public final class ExitCode {
    /** Done, or there was nothing to do. */
    public static final int DONE = 0;

    /** A check failed, or a change was refused. */
    public static final int REFUSED = 1;

    /** The command line is not understood. */
    public static final int BAD_USAGE = 2;

    private ExitCode() {}
}
