/** Tests of exchanges and local answers. */
@NullMarked
package dev.banyan.dataplane.exchange;

import org.jspecify.annotations.NullMarked;
