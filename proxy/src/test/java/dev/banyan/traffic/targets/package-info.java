/** Spellings of paths and hosts. */
@NullMarked
package dev.banyan.traffic.targets;

import org.jspecify.annotations.NullMarked;
