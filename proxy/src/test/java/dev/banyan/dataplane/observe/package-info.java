/** Tests of what is counted and logged. */
@NullMarked
package dev.banyan.dataplane.observe;

import org.jspecify.annotations.NullMarked;
