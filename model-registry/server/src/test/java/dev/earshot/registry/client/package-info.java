/** Tests of the package of this name. */
@NullMarked
package dev.earshot.registry.client;

import org.jspecify.annotations.NullMarked;
