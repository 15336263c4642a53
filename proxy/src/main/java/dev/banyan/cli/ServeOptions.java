package dev.banyan.cli;

import java.nio.file.Path;

/**
 * What {@code banyan serve} was told.
 *
 * @param check only say whether it could start
 * @param debugHeaders answers carry {@code X-Banyan-Side}, {@code -Route}, {@code -Revision} and {@code -Reason}
 */
public record ServeOptions(
        ListenAddress listen,
        ListenAddress adminListen,
        ListenAddress healthListen,
        Path data,
        Path routes,
        TableSource source,
        boolean check,
        boolean debugHeaders) {}
