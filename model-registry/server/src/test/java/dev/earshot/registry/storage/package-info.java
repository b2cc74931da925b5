/** Tests of the package of this name. */
@NullMarked
package dev.earshot.registry.storage;

import org.jspecify.annotations.NullMarked;
