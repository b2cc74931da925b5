/**
 * The fleet's clock: real time, or an accelerated one that every process of a demonstration shares.
 */
@NullMarked
package dev.earshot.protocol.clock;

import org.jspecify.annotations.NullMarked;
