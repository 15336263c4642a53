/** Builds both planes and joins them by constructors: start, drain, close. The only package that sees both. */
@NullMarked
package dev.banyan.app;

import org.jspecify.annotations.NullMarked;
