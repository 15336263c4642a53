/** JSON as trees: how it is read and written is the same in the API, the stores and the command line. */
@NullMarked
package dev.banyan.json;

import org.jspecify.annotations.NullMarked;
