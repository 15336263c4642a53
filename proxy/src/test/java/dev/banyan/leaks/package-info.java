/** Buffers that are collected before they were released fail the test class that lost them. */
@NullMarked
package dev.banyan.leaks;

import org.jspecify.annotations.NullMarked;
