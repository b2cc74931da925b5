/** Tests of the package of the same name. */
@NullMarked
package dev.earshot.ndp.kernel;

import org.jspecify.annotations.NullMarked;
