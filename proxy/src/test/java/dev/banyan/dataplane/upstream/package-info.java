@NullMarked
package dev.banyan.dataplane.upstream;

import org.jspecify.annotations.NullMarked;
