/** Whole processes of Banyan and of services, seen and ended from outside. */
@NullMarked
package dev.banyan.processes;

import org.jspecify.annotations.NullMarked;
