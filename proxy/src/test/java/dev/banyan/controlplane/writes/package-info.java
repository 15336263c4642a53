/** Tests of moving the owner of a route's data. */
@NullMarked
package dev.banyan.controlplane.writes;

import org.jspecify.annotations.NullMarked;
