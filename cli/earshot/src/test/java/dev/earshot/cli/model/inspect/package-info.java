/** Tests of the package of this name. */
@NullMarked
package dev.earshot.cli.model.inspect;

import org.jspecify.annotations.NullMarked;
