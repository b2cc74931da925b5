/** Tests of the package of this name. */
@NullMarked
package dev.earshot.registry.compare;

import org.jspecify.annotations.NullMarked;
