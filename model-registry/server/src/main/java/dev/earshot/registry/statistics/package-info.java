/**
 * How sure a measured rate is, and whether two of them differ by more than chance. Exact methods
 * only: false accepts are rare, and an approximation is worst where it matters most.
 */
@NullMarked
package dev.earshot.registry.statistics;

import org.jspecify.annotations.NullMarked;
