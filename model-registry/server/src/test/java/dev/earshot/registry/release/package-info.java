/** Tests of the package of this name. */
@NullMarked
package dev.earshot.registry.release;

import org.jspecify.annotations.NullMarked;
