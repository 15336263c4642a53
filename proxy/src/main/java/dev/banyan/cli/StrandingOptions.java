package dev.banyan.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import picocli.CommandLine.Option;

/** For commands after which readers might no longer see what modern took. */
final class StrandingOptions {
    @Option(
            names = "--accept-stranded-writes",
            description =
                    "Do it although readers no longer see what modern took; without it, that is refused and told.")
    private boolean accept;

    void addTo(ObjectNode body) {
        if (accept) {
            body.put("accept_stranded_writes", true);
        }
    }
}
