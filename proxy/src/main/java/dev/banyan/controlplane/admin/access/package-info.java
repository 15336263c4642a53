/** Who gets in: tokens, hosts and origins, and the count of those who did not. */
@NullMarked
package dev.banyan.controlplane.admin.access;

import org.jspecify.annotations.NullMarked;
