/** YAML to table and back; every problem of every file at once. */
@NullMarked
package dev.banyan.routing.file;

import org.jspecify.annotations.NullMarked;
