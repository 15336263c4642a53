/** Tests of deciding. */
@NullMarked
package dev.banyan.routing.decide;

import org.jspecify.annotations.NullMarked;
