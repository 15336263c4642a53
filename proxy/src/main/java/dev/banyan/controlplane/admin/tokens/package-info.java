/** Tokens and what each allows. */
@NullMarked
package dev.banyan.controlplane.admin.tokens;

import org.jspecify.annotations.NullMarked;
