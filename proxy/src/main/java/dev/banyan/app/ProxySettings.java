package dev.banyan.app;

import dev.banyan.controlplane.admin.AdminSettings;
import dev.banyan.dataplane.DataPlane;
import java.nio.file.Path;

/**
 * What one proxy is told.
 *
 * @param data its own directory: revisions, tokens, keys, audit
 * @param routes the directory with the routing table's files
 */
public record ProxySettings(Path data, Path routes, DataPlane.Settings dataPlane, AdminSettings admin) {}
