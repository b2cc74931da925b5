/** Tests of the package of this name. */
@NullMarked
package dev.earshot.registry.query;

import org.jspecify.annotations.NullMarked;
