package dev.banyan.app;

import dev.banyan.controlplane.admin.AdminSettings;
import dev.banyan.controlplane.admin.views.EffectiveSetting;
import dev.banyan.dataplane.DataPlane;
import dev.banyan.dataplane.mirror.CopyRules;
import dev.banyan.routing.decide.SigningKeys;
import dev.banyan.settings.TableSource;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * What one proxy is told.
 *
 * @param data its own directory: revisions, tokens, keys, audit
 * @param routes the directory with the routing table's files
 * @param source whether that directory is the table's base, or only the first one
 * @param takeOver where another process has {@code data}, serve its table and wait for it to go
 * @param signingKeys empty: the one in {@code DATA/signing.key}
 * @param copyRules what is copied, and asked once more
 * @param readAgain reads anew what the rules of copies were read from
 * @param shown what {@code /v1/settings} tells
 */
public record ProxySettings(
        Path data,
        Path routes,
        TableSource source,
        DataPlane.Settings dataPlane,
        AdminSettings admin,
        boolean takeOver,
        Optional<SigningKeys> signingKeys,
        CopyRules copyRules,
        Runnable readAgain,
        List<EffectiveSetting> shown) {
    public ProxySettings {
        shown = List.copyOf(shown);
    }

    /** With a key of its own, and nothing to show. */
    public ProxySettings(
            Path data, Path routes, TableSource source, DataPlane.Settings dataPlane, AdminSettings admin) {
        this(data, routes, source, dataPlane, admin, false, Optional.empty(), CopyRules.USUAL, () -> {}, List.of());
    }
}
