/**
 * What the gates are asked, and the sums that answer them as they travel between the devices' side
 * and the control side. Pure; the statistics themselves are in {@link dev.earshot.rollout.gate}.
 */
@NullMarked
package dev.earshot.rollout.evidence;

import org.jspecify.annotations.NullMarked;
