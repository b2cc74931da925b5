/** Tests of the package of the same name. */
@NullMarked
package dev.earshot.ndp.frontend;

import org.jspecify.annotations.NullMarked;
