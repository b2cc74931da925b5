/** Tests of the package of this name. */
@NullMarked
package dev.earshot.registry.stream;

import org.jspecify.annotations.NullMarked;
