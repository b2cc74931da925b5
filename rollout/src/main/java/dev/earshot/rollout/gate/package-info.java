/**
 * The statistics that decide whether a release harms the devices that received it. Every gate here
 * compares treated devices with devices that were randomly held back and answers with an e-value: a
 * number that, when the release does no harm, exceeds {@code 1/alpha} at any time during the
 * rollout with probability at most {@code alpha}, however often one looks. Gates see sums of counts
 * and nothing of how these arrived; each is a pure function of its arguments, deterministic and
 * free of input, output and clocks. Exposures are hours, e-values are carried as natural
 * logarithms, and a gate without enough information says so instead of guessing.
 */
@NullMarked
package dev.earshot.rollout.gate;

import org.jspecify.annotations.NullMarked;
