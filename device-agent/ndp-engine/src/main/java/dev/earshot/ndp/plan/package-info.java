/**
 * What fast programs are planned with, however they compute: a graph without what never changes
 * ({@link LiveChannels}), activations that lie in memory with a border around them ({@link Plane},
 * {@link Borders}).
 */
@NullMarked
package dev.earshot.ndp.plan;

import org.jspecify.annotations.NullMarked;
