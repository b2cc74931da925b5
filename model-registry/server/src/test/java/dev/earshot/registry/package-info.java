/** Tests of the package of this name. */
@NullMarked
package dev.earshot.registry;

import org.jspecify.annotations.NullMarked;
