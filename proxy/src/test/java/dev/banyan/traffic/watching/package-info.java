/** Who reads along: records and witnesses. */
@NullMarked
package dev.banyan.traffic.watching;

import org.jspecify.annotations.NullMarked;
