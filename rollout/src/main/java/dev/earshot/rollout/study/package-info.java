/**
 * The evidence for the gates: simulated rollouts in which the truth is known, with seeds, so that
 * anyone can see how often {@link dev.earshot.rollout.gate} alarms without cause, how soon it
 * notices harm, and how common alternatives fare on the same fleets. Nothing here runs in a
 * rollout.
 */
@NullMarked
package dev.earshot.rollout.study;

import org.jspecify.annotations.NullMarked;
