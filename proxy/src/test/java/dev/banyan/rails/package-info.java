/** Real Rails behind real puma as the oracle for how a request is read. */
@NullMarked
package dev.banyan.rails;

import org.jspecify.annotations.NullMarked;
