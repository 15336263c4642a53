/** Tests of the whole. */
@NullMarked
package dev.banyan;

import org.jspecify.annotations.NullMarked;
