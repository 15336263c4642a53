/** Tables that change under traffic. */
@NullMarked
package dev.banyan.traffic.tables;

import org.jspecify.annotations.NullMarked;
