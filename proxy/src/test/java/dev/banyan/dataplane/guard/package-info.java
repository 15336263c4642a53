/** Tests of who may go on to an upstream. */
@NullMarked
package dev.banyan.dataplane.guard;

import org.jspecify.annotations.NullMarked;
