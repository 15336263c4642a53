/** How the processes of the money app are started. */
@NullMarked
package dev.banyan.money.process;

import org.jspecify.annotations.NullMarked;
