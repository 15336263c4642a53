/** What Rails 6.1 on puma does around an action: spellings of a path, headers, ETags, error pages. */
@NullMarked
package dev.banyan.legacystub.rails;

import org.jspecify.annotations.NullMarked;
