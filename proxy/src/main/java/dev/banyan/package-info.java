/** Banyan, a strangler-fig migration proxy. */
@NullMarked
package dev.banyan;

import org.jspecify.annotations.NullMarked;
