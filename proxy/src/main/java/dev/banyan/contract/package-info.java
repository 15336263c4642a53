/** What the planes share beside the table: what happened, from data to control. */
@NullMarked
package dev.banyan.contract;

import org.jspecify.annotations.NullMarked;
