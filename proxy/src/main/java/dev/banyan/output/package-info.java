/** Where lines leave the process: nobody who has something to say waits for a disk or for a reader. */
@NullMarked
package dev.banyan.output;

import org.jspecify.annotations.NullMarked;
