/**
 * {@code earshot fleet}: what a whole fleet knows. Tuning a threshold from the field: monitoring's
 * peak scores become a trade-off between false accepts and misses with intervals, and a threshold
 * of it a release without new weights. The statistics are pure functions.
 */
@NullMarked
package dev.earshot.cli.fleet;

import org.jspecify.annotations.NullMarked;
