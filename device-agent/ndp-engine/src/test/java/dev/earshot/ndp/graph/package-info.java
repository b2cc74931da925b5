/** Tests of the package of the same name. */
@NullMarked
package dev.earshot.ndp.graph;

import org.jspecify.annotations.NullMarked;
