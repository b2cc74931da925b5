/**
 * {@code earshot trust}: the offline keys' side of the trust chain. Makes keys and first roots,
 * replaces keys, signs drafts on machines without a network, and walks the chain as a device does.
 */
@NullMarked
package dev.earshot.cli.trust;

import org.jspecify.annotations.NullMarked;
