/** The stub of the Rails monolith: its command line, and how tests start it. */
@NullMarked
package dev.banyan.legacystub;

import org.jspecify.annotations.NullMarked;
