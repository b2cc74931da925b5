/** Tests of the package of this name. */
@NullMarked
package dev.earshot.registry.blob;

import org.jspecify.annotations.NullMarked;
