/** {@code earshot model}: push releases to the registry and look at them and at model files. */
@NullMarked
package dev.earshot.cli.model;

import org.jspecify.annotations.NullMarked;
