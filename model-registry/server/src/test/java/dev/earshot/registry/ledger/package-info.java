/** Tests of the package of this name. */
@NullMarked
package dev.earshot.registry.ledger;

import org.jspecify.annotations.NullMarked;
