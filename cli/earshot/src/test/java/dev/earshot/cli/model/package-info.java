/** Tests of the package of this name. */
@NullMarked
package dev.earshot.cli.model;

import org.jspecify.annotations.NullMarked;
