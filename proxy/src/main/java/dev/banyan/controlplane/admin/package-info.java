/**
 * The HTTP API: who may do what, the table and its history as JSON, changes to it, the audit log, health and metrics.
 *
 * <p>Read {@link dev.banyan.controlplane.admin.AdminServer} first, then {@code access.Gate} (who gets in), {@code AdminApi} (every
 * operation) and {@code Dispatcher} (the way of one request). Here lies only what joins the folders, each of which stands on those
 * before it: {@code http}, {@code access}, {@code audit}, {@code views}, {@code events}, {@code operations}.
 */
@NullMarked
package dev.banyan.controlplane.admin;

import org.jspecify.annotations.NullMarked;
