/**
 * {@code earshot gate}: recompute a gate's decision from a file, with the code that the running
 * gate uses.
 */
@NullMarked
package dev.earshot.cli.gate;

import org.jspecify.annotations.NullMarked;
