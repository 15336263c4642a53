/**
 * YAML with places: values that know where they stand, and problems that say where, what and what to do instead. For routing tables and
 * settings alike.
 */
@NullMarked
package dev.banyan.yaml;

import org.jspecify.annotations.NullMarked;
