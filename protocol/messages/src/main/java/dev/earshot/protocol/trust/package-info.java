/**
 * Who may say what a device runs: keys and signed metadata of the two repositories of Uptane (image
 * and director) in the format of The Update Framework 1.0.
 */
@NullMarked
package dev.earshot.protocol.trust;

import org.jspecify.annotations.NullMarked;
