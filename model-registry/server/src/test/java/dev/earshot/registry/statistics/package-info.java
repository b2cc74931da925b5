/** Tests of the package of this name. */
@NullMarked
package dev.earshot.registry.statistics;

import org.jspecify.annotations.NullMarked;
