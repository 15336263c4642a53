/** What the planes share beside the table: what happened, from data to control; and what the commands and the admin API write alike. */
@NullMarked
package dev.banyan.contract;

import org.jspecify.annotations.NullMarked;
