/** Tests of the package of this name. */
@NullMarked
package dev.earshot.registry.http;

import org.jspecify.annotations.NullMarked;
