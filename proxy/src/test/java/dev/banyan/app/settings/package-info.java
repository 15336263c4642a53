@NullMarked
package dev.banyan.app.settings;

import org.jspecify.annotations.NullMarked;
