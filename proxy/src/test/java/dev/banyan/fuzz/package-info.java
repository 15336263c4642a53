/** Fuzzing: what is fuzzed, with which corpus, and by whom. */
@NullMarked
package dev.banyan.fuzz;

import org.jspecify.annotations.NullMarked;
