/** Tests of the package of this name. */
@NullMarked
package dev.earshot.registry.modelpack;

import org.jspecify.annotations.NullMarked;
