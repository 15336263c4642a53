/** Answers as the monolith gives them. */
@NullMarked
package dev.banyan.services.kit.answers;

import org.jspecify.annotations.NullMarked;
