/** Tests of the package of the same name. */
@NullMarked
package dev.earshot.cli.fleet;

import org.jspecify.annotations.NullMarked;
