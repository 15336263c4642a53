@NullMarked
package dev.banyan.output;

import org.jspecify.annotations.NullMarked;
