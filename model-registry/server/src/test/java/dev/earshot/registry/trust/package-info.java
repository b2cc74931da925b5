/** Tests of the package of this name. */
@NullMarked
package dev.earshot.registry.trust;

import org.jspecify.annotations.NullMarked;
