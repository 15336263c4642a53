/** The table, its upstreams, its history and what a change would come to, as JSON. */
@NullMarked
package dev.banyan.controlplane.admin.views;

import org.jspecify.annotations.NullMarked;
