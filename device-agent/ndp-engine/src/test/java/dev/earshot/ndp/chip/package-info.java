/** Tests of the package of the same name. */
@NullMarked
package dev.earshot.ndp.chip;

import org.jspecify.annotations.NullMarked;
