/** The settings of the process: one table of keys, read from flags, environment and a file; pure, no I/O. */
@NullMarked
package dev.banyan.settings;

import org.jspecify.annotations.NullMarked;
