/** Tests of the package of this name. */
@NullMarked
package dev.earshot.registry.oci;

import org.jspecify.annotations.NullMarked;
