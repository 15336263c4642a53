/** The commands: one small class each. They talk to a running proxy by its admin API, or read files. */
@NullMarked
package dev.banyan.cli;

import org.jspecify.annotations.NullMarked;
