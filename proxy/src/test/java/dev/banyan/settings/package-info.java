@NullMarked
package dev.banyan.settings;

import org.jspecify.annotations.NullMarked;
