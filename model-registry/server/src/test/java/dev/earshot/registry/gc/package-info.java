/** Tests of the package of this name. */
@NullMarked
package dev.earshot.registry.gc;

import org.jspecify.annotations.NullMarked;
