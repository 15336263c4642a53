/** The chart, rendered by helm. */
@NullMarked
package dev.banyan.chart;

import org.jspecify.annotations.NullMarked;
