/** Tests of what the planes share. */
@NullMarked
package dev.banyan.contract;

import org.jspecify.annotations.NullMarked;
