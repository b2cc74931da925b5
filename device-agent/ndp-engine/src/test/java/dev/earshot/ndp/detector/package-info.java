/** Tests of the package of the same name. */
@NullMarked
package dev.earshot.ndp.detector;

import org.jspecify.annotations.NullMarked;
