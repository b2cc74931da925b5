/** Tests of the package of this name. */
@NullMarked
package dev.earshot.cli.trust;

import org.jspecify.annotations.NullMarked;
